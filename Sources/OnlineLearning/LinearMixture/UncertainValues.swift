import ExactArithmetic

/// The value function of `{0, M}^S` whose mean after a choice the data say least about.
///
/// `u(s,a)² = max_f ‖φ_f(s,a)‖²_{Σ^{-1}}`, a convex function of `f` and so largest at a vertex. With the
/// Gram matrix `K_ij = M² φ_iᵀ Σ^{-1} φ_j` of the successors' features, `‖φ_f‖² = Σ_{i,j ∈ f} K_ij`; all
/// subsets are visited in the order of a Gray code, one change at a time. Comparisons are exact.
///
/// Source: `proofs-notes/feature-norm.md`.
struct UncertainValue {
  /// `G f`: one entry a state, 0 at states that are no successors.
  let values: [Integer]

  /// The most successors whose subsets are enumerated.
  static let mostSuccessors = 20

  /// - Complexity: `2^n n` additions for `n` successors.
  init(of choice: Int, _ experiment: MixtureExperiment, _ estimate: MixtureEstimate) {
    let features = experiment.features
    let successors = features.successors(of: choice)
    let cap = features.integer(experiment.valueCap)
    let vectors = successors.map { successor -> [Integer] in
      var indicator = [Integer](repeating: 0, count: experiment.model.stateCount)
      indicator[successor] = cap
      return features.image(of: indicator, after: choice).feature
    }
    let gram = vectors.map { row in vectors.map { estimate.comparableProduct(row, $0) } }
    var isIn = [Bool](repeating: false, count: successors.count)
    var products = [Integer](repeating: 0, count: successors.count)
    var (norm, best) = (Integer.zero, Integer.zero)
    var chosen = isIn
    for code in 1..<max(1, 1 << successors.count) {
      let place = code.trailingZeroBitCount
      isIn[place].toggle()
      let sign: Integer = isIn[place] ? 1 : -1
      // ‖x + δ‖² = ‖x‖² + 2⟨x, δ⟩ + ‖δ‖², and ‖x - δ‖² with the other sign in the middle.
      norm += 2 * sign * products[place] + gram[place][place]
      for other in products.indices { products[other] += sign * gram[place][other] }
      if norm > best { (best, chosen) = (norm, isIn) }
    }
    var values = [Integer](repeating: 0, count: experiment.model.stateCount)
    for (place, successor) in successors.enumerated() where chosen[place] {
      values[successor] = cap
    }
    self.values = values
  }
}
