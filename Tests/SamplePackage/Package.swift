// swift-tools-version: 6.1
import PackageDescription

// A package as a user would write it: it depends on Rationale and holds its own numbers to exact
// ones in its tests. Continuous integration builds and runs it.
let package = Package(
  name: "sample",
  platforms: [.macOS(.v15)],
  dependencies: [.package(name: "rationale", path: "../..")],
  targets: [
    .testTarget(
      name: "PolicyTests",
      dependencies: [
        .product(name: "ExactArithmetic", package: "rationale"),
        .product(name: "MarkovDecisionProcesses", package: "rationale"),
        .product(name: "Certificates", package: "rationale"),
        .product(name: "RegretBounds", package: "rationale"),
        .product(name: "OnlineLearning", package: "rationale"),
        .product(name: "RationaleTesting", package: "rationale"),
      ])
  ],
  swiftLanguageModes: [.v6]
)
