import DriftCore
import Reconciliation

extension Instance {
  /// The real reconciler over these ports, for one connection called `crm`.
  func reconciler(
    mode: ConnectionPolicy.Mode = .propose, approval: ConnectionPolicy.Approval = .merge,
    floor: ApprovalDemand = .merge, dashboard: Bool = false, longestPause: Duration? = nil,
    at clock: Timestamp = Outside.start
  ) -> Reconciler {
    Reconciler(
      project: Project(
        fivetran: FivetranAccess(api: "", key: "", secret: ""), branch: "main",
        forge: ForgeSettings(kind: "local", folder: "", dashboard: dashboard),
        destinations: ["w": DestinationSettings(kind: "postgres", group: "group", url: "")],
        connections: [
          "crm": ConnectionPolicy(
            id: SourceSide.connection, destination: "w", mode: mode, types: .catalogue,
            settingsOwner: .mooring, approval: approval, longestPause: longestPause)
        ]),
      root: "contracts", source: self, pauser: self,
      destinations: ["w": Destination(warehouse: self, dialect: .postgres)],
      repository: self, forge: self, cache: self, approvalFloor: floor, now: { clock })
  }
}
