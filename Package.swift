// swift-tools-version: 6.1
import PackageDescription

let package = Package(
  name: "rationale",
  platforms: [.macOS(.v15)],
  products: [
    .library(name: "ExactArithmetic", targets: ["ExactArithmetic"]),
    .library(name: "ExactJSON", targets: ["ExactJSON"]),
    .library(name: "ExactLinearAlgebra", targets: ["ExactLinearAlgebra"]),
    .library(name: "MarkovDecisionProcesses", targets: ["MarkovDecisionProcesses"]),
    .library(name: "LinearPrograms", targets: ["LinearPrograms"]),
    .library(name: "Certificates", targets: ["Certificates"]),
    .library(name: "LinearProgramSolvers", targets: ["LinearProgramSolvers"]),
    .library(name: "MDPSolvers", targets: ["MDPSolvers"]),
    .library(name: "Expressivity", targets: ["Expressivity"]),
    .library(name: "RegretBounds", targets: ["RegretBounds"]),
    .library(name: "RewardComparison", targets: ["RewardComparison"]),
    .library(name: "OnlineLearning", targets: ["OnlineLearning"]),
    .library(name: "RationaleTesting", targets: ["RationaleTesting"]),
    .library(name: "Reports", targets: ["Reports"]),
    .executable(name: "rationale", targets: ["RationaleCommand"]),
    .executable(name: "rationale-bench", targets: ["RationaleBenchmarks"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-numerics", from: "1.1.1"),
  ],
  targets: [
    // C: what is a macro there becomes callable, and nothing else.
    .target(name: "CGMP", linkerSettings: [.linkedLibrary("gmp")]),
    .target(name: "CGLPK", linkerSettings: [.linkedLibrary("glpk")]),

    .target(
      name: "ExactArithmetic",
      dependencies: ["CGMP", .product(name: "RealModule", package: "swift-numerics")]),
    .target(name: "ExactJSON", dependencies: ["ExactArithmetic"]),
    .target(name: "ExactLinearAlgebra", dependencies: ["CGMP", "ExactArithmetic"]),
    .target(name: "MarkovDecisionProcesses", dependencies: ["ExactArithmetic", "ExactJSON"]),
    .target(name: "LinearPrograms", dependencies: ["ExactArithmetic", "ExactJSON"]),
    .target(
      name: "Certificates",
      dependencies: [
        "ExactArithmetic", "ExactJSON", "MarkovDecisionProcesses", "LinearPrograms",
      ]),
    .target(
      name: "LinearProgramSolvers",
      dependencies: [
        "CGLPK", "ExactArithmetic", "ExactLinearAlgebra", "LinearPrograms", "Certificates",
      ]),
    .target(
      name: "MDPSolvers",
      dependencies: [
        "ExactArithmetic", "ExactLinearAlgebra", "MarkovDecisionProcesses", "Certificates",
        "LinearPrograms", "LinearProgramSolvers",
      ]),
    .target(
      name: "Expressivity",
      dependencies: [
        "ExactArithmetic", "ExactJSON", "ExactLinearAlgebra", "MarkovDecisionProcesses",
        "LinearPrograms", "Certificates", "LinearProgramSolvers", "MDPSolvers",
      ]),
    .target(
      name: "RegretBounds",
      dependencies: [
        "ExactArithmetic", "ExactJSON", "ExactLinearAlgebra", "MarkovDecisionProcesses",
        "LinearPrograms", "Certificates", "LinearProgramSolvers", "MDPSolvers",
      ]),
    .target(
      name: "RewardComparison",
      dependencies: [
        "ExactArithmetic", "ExactLinearAlgebra", "MarkovDecisionProcesses", "LinearPrograms",
        "Certificates", "LinearProgramSolvers", "MDPSolvers",
      ]),
    .target(
      name: "OnlineLearning",
      dependencies: [
        "ExactArithmetic", "MarkovDecisionProcesses", "LinearPrograms", "LinearProgramSolvers",
        "MDPSolvers", "RegretBounds",
      ]),
    .target(
      name: "RationaleTesting",
      dependencies: [
        "ExactArithmetic", "MarkovDecisionProcesses", "Certificates", "Expressivity",
        "RegretBounds", "RewardComparison", "OnlineLearning",
      ]),
    .target(
      name: "Reports",
      dependencies: [
        "ExactArithmetic", "ExactJSON", "MarkovDecisionProcesses", "LinearPrograms",
        "Certificates", "LinearProgramSolvers", "MDPSolvers", "Expressivity", "RegretBounds",
        "RewardComparison", "OnlineLearning",
      ]),
    .executableTarget(
      name: "RationaleCommand",
      dependencies: [
        "ExactArithmetic", "ExactJSON", "MarkovDecisionProcesses", "LinearPrograms",
        "Certificates", "LinearProgramSolvers", "MDPSolvers", "Expressivity", "RegretBounds",
        "RewardComparison", "OnlineLearning", "Reports",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),

    // Ratios to a reference, timed in one run; no package is needed for that.
    .executableTarget(
      name: "RationaleBenchmarks",
      dependencies: [
        "CGMP", "ExactArithmetic", "ExactJSON", "MarkovDecisionProcesses", "Certificates",
        "MDPSolvers", "LinearPrograms", "LinearProgramSolvers", "Expressivity", "RegretBounds",
        "OnlineLearning",
      ],
      path: "Sources/Benchmarks", exclude: ["Peers"]),

    .target(
      name: "TestSupport", dependencies: ["ExactArithmetic", "MarkovDecisionProcesses"],
      path: "Tests/TestSupport"),
    .testTarget(name: "ExactArithmeticTests", dependencies: ["ExactArithmetic", "TestSupport"]),
    .testTarget(
      name: "ExactJSONTests", dependencies: ["ExactArithmetic", "ExactJSON", "TestSupport"]),
    .testTarget(
      name: "ExactLinearAlgebraTests",
      dependencies: ["ExactArithmetic", "ExactLinearAlgebra", "TestSupport"]),
    .testTarget(
      name: "MarkovDecisionProcessesTests",
      dependencies: ["ExactArithmetic", "ExactJSON", "MarkovDecisionProcesses", "TestSupport"]),
    .testTarget(
      name: "LinearProgramsTests",
      dependencies: ["ExactArithmetic", "ExactJSON", "LinearPrograms", "TestSupport"]),
    .testTarget(
      name: "CertificatesTests",
      dependencies: [
        "ExactArithmetic", "ExactJSON", "MarkovDecisionProcesses", "LinearPrograms",
        "Certificates", "TestSupport",
      ]),
    .testTarget(
      name: "LinearProgramSolversTests",
      dependencies: [
        "ExactArithmetic", "LinearPrograms", "Certificates", "LinearProgramSolvers",
        "TestSupport",
      ],
      exclude: ["Shim"]),
    .testTarget(
      name: "MDPSolversTests",
      dependencies: [
        "ExactArithmetic", "MarkovDecisionProcesses", "Certificates", "MDPSolvers",
        "LinearPrograms", "LinearProgramSolvers", "TestSupport",
      ]),
    .testTarget(
      name: "ExpressivityTests",
      dependencies: [
        "ExactArithmetic", "MarkovDecisionProcesses", "Certificates", "Expressivity",
        "TestSupport",
      ]),
    .testTarget(
      name: "RegretBoundsTests",
      dependencies: [
        "ExactArithmetic", "ExactJSON", "MarkovDecisionProcesses", "LinearPrograms",
        "Certificates", "MDPSolvers", "RegretBounds", "TestSupport",
      ]),
    .testTarget(
      name: "RewardComparisonTests",
      dependencies: [
        "ExactArithmetic", "ExactJSON", "MarkovDecisionProcesses", "Certificates", "MDPSolvers",
        "LinearPrograms", "LinearProgramSolvers", "RewardComparison", "TestSupport",
      ]),
    .testTarget(
      name: "OnlineLearningTests",
      dependencies: [
        "ExactArithmetic", "MarkovDecisionProcesses", "RegretBounds", "OnlineLearning",
        "TestSupport",
      ]),
    .testTarget(
      name: "RationaleTestingTests",
      dependencies: [
        "ExactArithmetic", "MarkovDecisionProcesses", "Certificates", "RegretBounds",
        "OnlineLearning", "RationaleTesting", "TestSupport",
      ]),
    .testTarget(name: "PackageTests"),
    .testTarget(
      name: "ReportsTests",
      dependencies: [
        "ExactArithmetic", "MarkovDecisionProcesses", "Certificates", "MDPSolvers", "Reports",
        "TestSupport",
      ]),
    .testTarget(
      name: "CommandLineTests",
      dependencies: ["ExactArithmetic", "ExactJSON", "RationaleCommand", "TestSupport"]),
  ],
  swiftLanguageModes: [.v6]
)
