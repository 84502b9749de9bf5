import Testing

/// The arrows between modules: every one points down, and C stays behind its wrappers.
@Suite("Architecture")
struct ArchitectureTests {
  /// The height of each module. A module may depend on lower ones only, never on one beside it.
  ///
  /// `ExactLinearAlgebra` stands beside `Certificates`, which therefore cannot use it: the
  /// checker shares no solving code with the solvers.
  private static let heights = [
    "CGMP": 0, "CGLPK": 0, "ExactArithmetic": 1, "ExactJSON": 2, "MarkovDecisionProcesses": 3,
    "LinearPrograms": 3, "Certificates": 4, "ExactLinearAlgebra": 4, "LinearProgramSolvers": 5,
    "MDPSolvers": 6, "RewardComparison": 7, "Expressivity": 7, "RegretBounds": 7,
    "AlignmentKernels": 7, "OnlineLearning": 8, "Reports": 9, "RationaleTesting": 9,
    "RationaleCommand": 10,
  ]

  /// Who may use what only few may use.
  private static let users: [String: Set<String>] = [
    "CGMP": ["ExactArithmetic", "ExactLinearAlgebra"],
    "CGLPK": ["LinearProgramSolvers"],
    "ArgumentParser": ["RationaleCommand"],
  ]

  private let targets: [TargetDescription]

  init() throws {
    targets = try TargetDescription.all()
  }

  /// The modules that users get: neither tests nor benchmarks, which may reach for everything.
  private var modules: [TargetDescription] {
    targets.filter { target in
      target.kind != .test && !target.path.hasPrefix("Tests/")
        && !target.path.hasPrefix("Sources/Benchmarks")
    }
  }

  @Test("the description is understood")
  func description() {
    let names = Set(targets.map(\.name))
    #expect(names.isSuperset(of: ["CGMP", "ExactArithmetic", "Certificates", "RationaleCommand"]))
    #expect(names.count == targets.count)
    let arithmetic = targets.first { $0.name == "ExactArithmetic" }
    #expect(arithmetic?.dependencies == ["CGMP", "RealModule"])
    #expect(arithmetic?.path == "Sources/ExactArithmetic")
    #expect(targets.first { $0.name == "TestSupport" }?.path == "Tests/TestSupport")
  }

  @Test("every module has its place, and every declared dependency is lower")
  func dependencies() throws {
    let names = Set(targets.map(\.name))
    for module in modules {
      let height = try #require(Self.heights[module.name], "\(module.name) has no place")
      for dependency in module.dependencies {
        if let users = Self.users[dependency] {
          #expect(users.contains(module.name), "\(module.name) → \(dependency)")
        }
        guard names.contains(dependency) else { continue }
        let lower = try #require(Self.heights[dependency], "\(dependency) has no place")
        #expect(lower < height, "\(module.name) → \(dependency) does not point down")
      }
    }
  }

  @Test("every import of a module is declared, and C is imported internally")
  func imports() throws {
    let names = Set(targets.map(\.name)).union(Self.users.keys)
    for module in modules {
      for used in try module.imports() where names.contains(used.module) {
        let place = "\(module.name)/\(used.file): \(used.line)"
        #expect(module.dependencies.contains(used.module), "not declared: \(place)")
        if let users = Self.users[used.module] {
          #expect(users.contains(module.name), "\(place)")
        }
        if used.module == "CGMP" || used.module == "CGLPK" {
          #expect(!used.line.contains("public import"), "C in the API: \(place)")
        }
      }
    }
  }

  @Test("the certificates' module imports numbers, JSON and the nouns, and nothing that solves")
  func certificates() throws {
    let certificates = try #require(modules.first { $0.name == "Certificates" })
    let allowed: Set = [
      "ExactArithmetic", "ExactJSON", "MarkovDecisionProcesses", "LinearPrograms",
    ]
    #expect(allowed.isSuperset(of: certificates.dependencies))
    let ours = Set(targets.map(\.name))
    let imported = Set(try certificates.imports().map(\.module)).intersection(ours)
    #expect(!imported.isEmpty)
    #expect(allowed.isSuperset(of: imported))
  }

  @Test("no two targets differ by case alone")
  func names() {
    #expect(Set(targets.map { $0.name.lowercased() }).count == targets.count)
  }
}
