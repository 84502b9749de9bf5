import Testing

extension Tag {
  /// A closed form, or a case worked out in a note.
  @Tag public static var worked: Self
  /// Compares two computations that share no code.
  @Tag public static var differential: Self
  /// Changes an input in a way whose effect on the answer is known.
  @Tag public static var metamorphic: Self
  /// A spoiled certificate is rejected.
  @Tag public static var mutation: Self
  /// Runs the command.
  @Tag public static var commandLine: Self
  /// Takes more than a second.
  @Tag public static var slow: Self
}
