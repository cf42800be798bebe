import FoundationEssentials

/// The least that a comparison can be, for scale: both schemas read into Python's dictionaries and walked.
///
/// Machines differ by a factor of two and a busy one by as much again, so it is the ratio to this, measured beside it, that
/// tells whether a comparison became faster. It tells no renames, classifies nothing and writes no SQL.
enum Peer {
  static let python = "/usr/bin/python3"

  /// The command, or nil where there is no Python.
  static func command(in folder: String) throws -> [String]? {
    guard FileManager.default.isExecutableFile(atPath: python) else { return nil }
    let path = "\(folder)/peer.py"
    try Data(script.utf8).write(to: URL(filePath: path))
    return [python, "-S", path]
  }

  private static let script = """
    import json, sys

    def tables(path):
        with open(path) as file:
            document = json.load(file)
        return {
            (connector["id"], table["name"]): {
                column["name"]: (column["type"], column["nullable"], column["pk"])
                for column in table["columns"]
            }
            for connector in document["connectors"]
            for table in connector["tables"]
        }

    before, after = tables(sys.argv[1]), tables(sys.argv[2])
    found = [(key, None, None) for key in before.keys() ^ after.keys()]
    for key in before.keys() & after.keys():
        old, new = before[key], after[key]
        for column in old.keys() | new.keys():
            if old.get(column) != new.get(column):
                found.append((key, column, (old.get(column), new.get(column))))
    json.dump(found, sys.stdout)

    """
}
