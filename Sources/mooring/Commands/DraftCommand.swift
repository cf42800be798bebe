import ArgumentParser
import DriftCore
import FoundationEssentials
import Git
import JSON

struct Draft: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "draft",
    abstract: "Write the change folders for contracts and mappings that you edited, beside them, in the work tree.",
    discussion: """
      What the edit asks of the target is told by the mapping that it began from. Where the warehouse's address is set, \
      the warehouse is looked at as well; nothing but files is written. Exit 0: everything is drafted; 2: something is \
      left for you; 1: could not tell.
      """)

  @OptionGroup var place: WorkTreeOptions
  @Flag(help: "Work from the files alone, also where the warehouse's address is set.")
  var offline = false
  @Flag(help: "Print JSON.")
  var json = false

  func run() async throws {
    let checkedOut = try CheckedOut(place)
    let (base, edited) = (checkedOut.base, checkedOut.edited)
    guard let project = try checkedOut.project() else { throw Problems(diagnostics: lint(edited.files)) }
    let tables = editedTables(from: base, to: edited, in: project)
    let folders = Set(tables.map(\.folder))
    let errors = lint(edited.files).filter { problem in
      problem.severity == .error && folders.contains { problem.path.hasPrefix($0.path + "/") }
    }
    if !errors.isEmpty { throw Problems(diagnostics: errors) }
    var done: [DraftedTable] = []
    var isTold = false
    for var table in tables {
      if !offline, try await !look(at: &table, in: project), !isTold {
        isTold = true
        complain("\(table.policy.destination): its address is not set, so the files alone are read")
      }
      let number = nextNumber(in: table.folder, states: [base, checkedOut.tip, edited])
      let result = try table.drafted(in: project, base: base, edited: edited, number: number)
      guard result.draft != nil || !result.left.isEmpty else { continue }
      let edits = result.draft?.edits ?? []
      for edit in edits { try write(edit, of: table.folder, in: checkedOut.workTree.folder) }
      done.append(
        DraftedTable(
          connection: table.connection, folder: table.folder.path, written: edits.map(\.path),
          steps: result.draft?.stepTexts ?? [], notes: result.draft?.notes.values.joined().sorted() ?? [],
          left: result.left))
      if !json { FileHandleOutput.standardOutput(done[done.count - 1].text) }
    }
    let written = done.reduce(0) { $0 + $1.written.count }
    let left = done.reduce(0) { $0 + $1.left.count }
    if json {
      print(object([("base", .string(checkedOut.baseName)), ("tables", .array(done.map(\.json)))]).prettyText)
    } else if written > 0 {
      print("\(counted(written, "file")) written. Look at them, commit them, then: mooring check")
    } else if left == 0 {
      print("nothing to draft (compared with \(visible(checkedOut.baseName)))")
    }
    if left > 0 { throw ExitCode(2) }
  }

  /// Reads the landed table and the target; false where the warehouse's address is not set.
  private func look(at table: inout EditedTable, in project: Project) async throws -> Bool {
    guard let contract = table.after.contract, let settings = project.destinations[table.policy.destination],
      let warehouse = try Wiring.warehouseIfSet(table.policy.destination, settings)
    else { return false }
    if let landed = try await warehouse.table(contract.table) {
      table.landed = ObservedTable(landed: landed, dialect: table.dialect)
    }
    if let mapping = table.after.mapping, mapping.target.kind != .none {
      table.target = try await warehouse.table(mapping.target.table)
      if table.target == nil {
        throw UsageError(
          "\(mapping.target.table) is not in \(table.policy.destination)",
          hint: "create it, or correct \(table.folder.mapping)")
      }
    }
    return true
  }

  private func nextNumber(in folder: TableFolder, states: [ContractState]) -> Int {
    1 + (states.flatMap { $0.changeNumbers(in: folder) }.max() ?? 0)
  }

  private func write(_ edit: FileEdit, of table: TableFolder, in folder: String) throws {
    guard let bytes = edit.bytes else { return }
    // A branch may carry a link in place of a folder: what is written must stay in the repository.
    for parent in ["\(folder)/\(table.path)", "\(folder)/\(table.path)/changes"]
    where (try? FileManager.default.destinationOfSymbolicLink(atPath: parent)) != nil {
      throw UsageError("\(parent) is a link", hint: "put a folder in its place")
    }
    try writeFile(bytes, to: "\(folder)/\(edit.path)")
  }
}
