import Certificates
import ExactArithmetic
import MarkovDecisionProcesses

/// Tasks in linear temporal logic.
struct TemporalDesign {
  private let task: ExpressTask
  private let options: ExpressOptions

  init(_ task: ExpressTask, _ options: ExpressOptions) {
    self.task = task
    self.options = options
  }

  func answer() throws -> ExpressAnswer {
    throw ExpressError.formulaRequired
  }
}
