import Foundation

// swift run -c release rationale-bench [--quick] [PREFIX...]
//
// Runs the benchmarks whose name starts with one of the prefixes, all without any. `--quick`
// spends a tenth of the time: enough to see that everything runs.
var arguments = Array(CommandLine.arguments.dropFirst())
let isQuick = arguments.contains("--quick")
arguments.removeAll { $0 == "--quick" }
let budget = isQuick ? Duration.milliseconds(20) : .milliseconds(400)

let arithmetic =
  rationalBenchmarks() + dotProductBenchmarks() + parsingBenchmarks() + enclosureBenchmarks()
let benchmarks =
  try arithmetic + solverBenchmarks(isQuick: isQuick) + linearProgramBenchmarks(isQuick: isQuick)

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
