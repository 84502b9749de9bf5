/// The example of the certificate formats: the optimum is 11 at `x = 3`, `y = 1`.
let dietText = """
  Maximize
   profit: 3 x + 2 y
  Subject To
   c1: x + y <= 4
   c2: x + 3 y <= 6
  Bounds
   x <= 3
  End
  """

/// The same in MPS.
let dietMPSText = """
  NAME diet
  OBJSENSE
      MAX
  ROWS
   N profit
   L c1
   L c2
  COLUMNS
      x profit 3 c1 1
      x c2 1
      y profit 2 c1 1
      y c2 3
  RHS
      RHS c1 4 c2 6
  BOUNDS
   UP BND x 3
  ENDATA
  """

/// No point is feasible: `x + y` is at most 4.
let contradictionText = """
  Minimize
   cost: x + y
  Subject To
   c1: x + y >= 5
  Bounds
   x <= 2
   y <= 2
  End
  """

/// The objective falls along the ray (1, 1).
let unboundedText = """
  Minimize
   cost: - x
  Subject To
   c1: x - y <= 1
  End
  """

/// The optimal points are the edge from (1, 0) to (0, 1).
let edgeText = """
  Minimize
   cost: x + y
  Subject To
   c1: x + y >= 1
  End
  """

/// No point is feasible, since the bounds of `x` exclude each other.
let crossedText = """
  Minimize
   cost: x
  Subject To
   c1: x >= 0
  Bounds
   3 <= x <= 2
  End
  """
