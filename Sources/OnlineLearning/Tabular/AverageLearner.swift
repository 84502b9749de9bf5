import ExactArithmetic

/// A learner that plays without end: asked for a choice, told where it led.
protocol AverageLearner: Sendable {
  /// What the data have changed.
  associatedtype Memento: Codable & Sendable

  var memento: Memento { get }

  /// - Throws: ``LearningError`` for a memento of another shape.
  mutating func restore(_ memento: Memento) throws(LearningError)

  /// How often the policy has been planned anew after the first time.
  var switches: Int { get }
  /// `Σ_t G_t` for numbers `G_t` that are at least the optimal gain of rewards scaled to `[0, 1]`
  /// while the confidence sets hold the truth; `nil` for learners without.
  var optimisticGains: Rational? { get }
  /// Whether the confidence sets held the truth whenever the learner planned.
  var isCovered: Bool? { get }

  /// What is played at `state`, the `step`-th state, counted from 1.
  ///
  /// - Throws: ``Interrupted``.
  mutating func choice(
    at state: Int, step: Int, progress: ProgressHandler
  ) throws(Interrupted) -> Int

  mutating func observe(_ choice: Int, slot: Int)
}
