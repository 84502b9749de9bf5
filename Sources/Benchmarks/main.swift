import Foundation

// swift run -c release rationale-bench [--quick] [PREFIX...]
//
// Runs the benchmarks whose name starts with one of the prefixes, all without any. `--quick`
// spends a tenth of the time: enough to see that everything runs. `Claims` holds the learners' bounds
// against many runs, which is no benchmark, and runs only when it is asked for, or with `--quick`.
var arguments = Array(CommandLine.arguments.dropFirst())
let isQuick = arguments.contains("--quick")
arguments.removeAll { $0 == "--quick" }
let budget = isQuick ? Duration.milliseconds(20) : .milliseconds(400)

if arguments.contains("Claims") || (isQuick && arguments.isEmpty) {
  let claims = RegretClaims(seeds: isQuick ? 2 : 50, steps: isQuick ? 80 : 2000)
  guard try claims.run() else {
    FileHandle.standardError.write(Data("error: a claim does not hold\n".utf8))
    exit(1)
  }
  if arguments == ["Claims"] { exit(0) }
  arguments.removeAll { $0 == "Claims" }
}

let arithmetic =
  rationalBenchmarks() + dotProductBenchmarks() + parsingBenchmarks() + enclosureBenchmarks()
let benchmarks =
  try arithmetic + learnerBenchmarks(isQuick: isQuick) + solverBenchmarks(isQuick: isQuick)
  + linearProgramBenchmarks(isQuick: isQuick) + expressBenchmarks(isQuick: isQuick)

let chosen = benchmarks.filter { benchmark in
  arguments.isEmpty || arguments.contains { benchmark.name.hasPrefix($0) }
}
guard !chosen.isEmpty else {
  FileHandle.standardError.write(Data("error: no benchmark is called so\n".utf8))
  exit(64)
}
#if DEBUG
  FileHandle.standardError.write(
    Data("warning: a debug build; run with `swift run -c release rationale-bench`\n".utf8))
#endif
Report.printHead()
for benchmark in chosen {
  Report.printLine(benchmark, benchmark.run(budget: budget))
  fflush(nil)  // a pipe too sees a line when it is finished
}
