/// That the connection is paused in Fivetran until somebody answers; nothing where it does not wait for these changes.
func waits(_ pause: ConnectionPause?, for changes: [ClassifiedChange]) -> Markdown {
  guard let pause, !Set(pause.findings).isDisjoint(with: changes.map(\.fingerprint)) else { return "" }
  return
    "⏸ **Connection \(code: pause.connection.text) is paused in Fivetran while this is open**, until \(code: pause.until.toTheSecond.description) at the latest. It goes on once this is merged and applied, or closed; at once with \(code: "mooring resume \(pause.connection)").\n\n"
}
