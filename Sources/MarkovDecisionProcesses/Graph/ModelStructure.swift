import ExactArithmetic

/// How the states of a model communicate under its policies.
///
/// Source: M. L. Puterman, *Markov Decision Processes*, 1994, section 8.3; the tests are exact, and
/// only *unichain*, which is NP-hard to decide (J. N. Tsitsiklis, *NP-hardness of checking the
/// unichain condition in average cost MDPs*, Oper. Res. Lett. 35, 2007), and *recurrent*, which
/// takes quadratic time, may stay undecided on large models.
public struct ModelStructure: Sendable {
  /// The first that holds, in this order.
  public enum Classification: String, Sendable, Hashable {
    case unichain
    case communicating
    case weaklyCommunicating = "weakly communicating"
    /// More than one maximal end component.
    case multichain
  }

  /// Whether every deterministic policy makes all states one recurrent class; `nil`: undecided.
  public let isRecurrent: Bool?
  /// Whether every deterministic policy has one recurrent class; `nil`: undecided.
  public let isUnichain: Bool?
  /// Whether every state can be reached from every state.
  public let isCommunicating: Bool
  /// Whether there is exactly one maximal end component.
  public let isWeaklyCommunicating: Bool
  public let maximalEndComponents: [EndComponent]
  /// The chain of a model with one action per state, else `nil`.
  public let chain: RecurrentClasses?

  /// - Parameter workLimit: roughly how many transitions may be visited to decide
  ///   ``isUnichain``, and as many for ``isRecurrent``; the rest takes nearly linear time.
  public init(of model: FiniteMDP, workLimit: Int = 200_000_000) {
    let core = ClosedCore(model)
    maximalEndComponents = model.maximalEndComponents(core)
    isWeaklyCommunicating = maximalEndComponents.count == 1
    isCommunicating = StronglyConnectedComponents(of: model.graph).count == 1
    guard model.choiceCount > model.stateCount else {
      let chain = RecurrentClasses(of: .first(in: model), in: model)
      self.chain = chain
      isUnichain = chain.isUnichain
      isRecurrent = isCommunicating
      return
    }
    chain = nil
    let visits = max(1, workLimit / (model.transitionCount + model.stateCount))
    let search = AvoidanceSearch(core, stateCount: model.stateCount, visits: visits)
    isRecurrent = isCommunicating ? search.isRecurrent() : false
    if isRecurrent == true {
      isUnichain = true
    } else {
      isUnichain = isWeaklyCommunicating ? search.isUnichain() : false
    }
  }

  /// The class of the model. A model whose ``isUnichain`` is undecided is classified by the other
  /// properties.
  public var classification: Classification {
    if isUnichain == true { return .unichain }
    if isCommunicating { return .communicating }
    return isWeaklyCommunicating ? .weaklyCommunicating : .multichain
  }
}
