import ArgumentParser

/// `rationale learn`: learning algorithms on exact models.
struct LearnCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "learn",
    abstract: "Runs a learning algorithm on an exact model and holds its regret against its bound.",
    discussion: """
      Sampling is exact and a seed determines a run; regret is a fraction, against the optimal gain \
      or value. The theorem's bound stands beside it, with what holds without any theorem.

      Example:
        rationale learn loop truth.json --class class.json --initial home --steps 1000 --seeds 8
        rationale learn ucrl-vtr model.json --basis first.json --basis second.json \
      --initial u --horizon 5 --steps 5000 --seeds 4
        rationale learn ucrl2 river.json --steps 100000 --seeds 4
      """,
    subcommands: [
      LearnLoopCommand.self, LearnMixtureCommand.self, LearnRewardFreeCommand.self,
      LearnDiscountedMixtureCommand.self,
      LearnUCRL2Command.self,
      LearnUCBVICommand.self, LearnPSRLCommand.self, LearnQLearningCommand.self,
    ])

  static let _errorPrefix = "error: "
}
