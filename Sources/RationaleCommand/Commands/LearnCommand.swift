import ArgumentParser

/// `rationale learn`: learning algorithms on exact models.
struct LearnCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "learn",
    abstract: "Runs a learning algorithm on an exact model and holds its regret against its bound.",
    discussion: """
      Sampling is exact and a seed determines a run; regret is a fraction, against the optimal gain \
      or value. The theorem's bound stands beside it, with what holds without any theorem. A run \
      that --time-limit or Ctrl-C ends writes its state to the file of --checkpoint, and the same \
      command with --resume and that file goes on to the same numbers.

      Example:
        rationale learn loop truth.json --class class.json --initial home --steps 1000 --seeds 8
        rationale learn ucrl-vtr model.json --basis first.json --basis second.json \
      --initial u --horizon 5 --steps 5000 --seeds 4
        rationale learn ucrl2 river.json --steps 100000 --seeds 4
        rationale learn ucrl2 river.json --steps 100000000 --time-limit 60 --checkpoint state
        rationale learn ucrl2 river.json --steps 100000000 --resume state
      """,
    subcommands: [
      LearnLoopCommand.self, LearnMixtureCommand.self, LearnWeightedMixtureCommand.self,
      LearnRewardFreeCommand.self, LearnMomentCommand.self, LearnDiscountedMixtureCommand.self,
      LearnUCRL2Command.self,
      LearnUCBVICommand.self, LearnPSRLCommand.self, LearnQLearningCommand.self,
    ])

  static let _errorPrefix = "error: "
}
