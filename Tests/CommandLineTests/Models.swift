/// The model of the example in the certificate formats: two states, discount 1/2.
///
/// `V* = (8/3, 8)`: at `b`, 4 + 8/2 = 8; at `a`, `go` gives (8/2 + 8/3/2)/2 = 8/3 and `stay` only
/// 1 + 8/3/2 = 7/3.
let forkText = """
  {"format":"rationale-mdp","version":1,"states":["a","b"],"actions":["stay","go"],
  "discount":"1/2","initial":"a",
  "transitions":[["a","stay","a",1],["a","go","b","1/2"],["a","go","a","1/2"],["b","stay","b",1]],
  "rewards":[["a","stay",1],["b","stay",4]],"labels":{"goal":["b"]}}
  """

/// A model file around the given members, for one that is wrong.
func modelText(
  states: String = #"["a","b"]"#, actions: String = #"["x","y"]"#,
  transitions: String = #"[["a","x","b",1],["b","x","a",1]]"#, more: String = ""
) -> String {
  """
  {"format":"rationale-mdp","version":1,"states":\(states),"actions":\(actions),
  "transitions":\(transitions)\(more.isEmpty ? "" : "," + more)}
  """
}
