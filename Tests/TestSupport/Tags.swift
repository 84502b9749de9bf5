import Testing

extension Tag {
  /// An exact answer that is known in closed form or from a note.
  @Tag public static var worked: Self
  /// Compares two computations that share no code.
  @Tag public static var differential: Self
  /// A change of the input that has a known effect on the answer.
  @Tag public static var metamorphic: Self
}
