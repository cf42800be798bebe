// swift-tools-version: 6.2
import PackageDescription

/// Our own targets are built strictly; dependencies are left as they are.
let strict: [SwiftSetting] = [
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

let argumentParser = Target.Dependency.product(
  name: "ArgumentParser", package: "swift-argument-parser")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let hummingbird = Target.Dependency.product(name: "Hummingbird", package: "hummingbird")
let lifecycle = Target.Dependency.product(
  name: "ServiceLifecycle", package: "swift-service-lifecycle")
let httpTypes = Target.Dependency.product(name: "HTTPTypes", package: "swift-http-types")
let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let signals = Target.Dependency.product(
  name: "UnixSignals", package: "swift-service-lifecycle")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")

func library(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: strict)
}

func program(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .executableTarget(name: name, dependencies: dependencies, swiftSettings: strict)
}

func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .testTarget(
    name: name, dependencies: dependencies + ["TestSupport"], swiftSettings: strict)
}

let package = Package(
  name: "mooring",
  products: [
    .executable(name: "mooring", targets: ["mooring"]),
    .executable(name: "mooring-git", targets: ["mooring-git"]),
    .executable(name: "fivetran-simulator", targets: ["fivetran-simulator"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser.git", exact: "1.8.2"),
    .package(url: "https://github.com/apple/swift-http-types.git", exact: "1.8.0"),
    .package(url: "https://github.com/apple/swift-log.git", exact: "1.16.2"),
    .package(url: "https://github.com/apple/swift-nio.git", exact: "2.101.2"),
    .package(url: "https://github.com/groue/GRDB.swift.git", exact: "7.10.0"),
    .package(
      url: "https://github.com/hummingbird-project/hummingbird.git", exact: "2.28.1", traits: []),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle.git", exact: "2.13.0"),
  ],
  targets: [
    .target(name: "CCurl", dependencies: ["COnDemand"]),
    .target(name: "CGit2", dependencies: ["COnDemand"]),
    .target(name: "COpenSSL", dependencies: ["COnDemand"]),
    .target(name: "COnDemand"),
    .target(name: "CPostgres", dependencies: ["COnDemand"]),
    .systemLibrary(name: "CSpawn", path: "Tests/CSpawn"),
    .systemLibrary(name: "CYAML", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"])]),

    library("Cryptography", ["COpenSSL"]),
    library("JSON", []),
    library("PostgreSQL", ["CPostgres", "DriftCore"]),
    library("DriftCore", ["CYAML", "Cryptography", "JSON"]),
    library("Reconciliation", ["DriftCore", "Cryptography", "JSON"]),
    library("Storage", ["DriftCore", grdb]),
    library("Files", []),
    library("Git", ["CGit2", "Cryptography", "DriftCore", "Files", "JSON"]),
    library("Transport", ["CCurl", "DriftCore"]),
    library("Fivetran", ["DriftCore", "JSON", "Transport"]),
    library("Warehouses", ["Cryptography", "DriftCore", "JSON", "PostgreSQL", "Transport"]),
    library("Forges", ["Cryptography", "DriftCore", "Files", "JSON", "Transport"]),
    library("LanguageModels", ["DriftCore", "JSON", "Transport"]),
    library("Notifiers", ["Cryptography", "DriftCore", "JSON", "Transport"]),
    library(
      "FivetranSimulator",
      [
        "Cryptography", "DriftCore", "JSON", "PostgreSQL", "Transport", hummingbird, httpTypes,
        lifecycle, logging, nioCore,
      ]),
    .executableTarget(
      name: "benchmarks",
      dependencies: ["CPostgres", "DriftCore", "Git", "PostgreSQL", "Reconciliation", "Storage", "Warehouses"],
      path: "Benchmarks", swiftSettings: strict),
    .executableTarget(
      name: "soak", dependencies: ["Cryptography", "DriftCore", "JSON", "Reconciliation"], path: "Tests/Soak",
      swiftSettings: strict),
    program("scripted-model", ["JSON", argumentParser, hummingbird, httpTypes, logging, nioCore]),
    program("fivetran-simulator", ["FivetranSimulator", "PostgreSQL", "Transport", argumentParser]),
    program(
      "mooring",
      [
        "Cryptography", "DriftCore", "Fivetran", "Forges", "Git", "JSON", "LanguageModels",
        "Notifiers", "PostgreSQL", "Reconciliation", "Storage", "Transport", "Warehouses",
        argumentParser, lifecycle, logging, signals,
      ]),
    program("mooring-git", ["CGit2", "COpenSSL", "Cryptography", "DriftCore", "Git"]),
    .target(
      name: "TestSupport",
      dependencies: ["COpenSSL", "CSpawn", "Cryptography", "DriftCore", "JSON", "PostgreSQL"],
      path: "Tests/TestSupport", swiftSettings: strict),
    tests("CryptographyTests", ["Cryptography"]),
    tests("FilesTests", ["Files"]),
    tests("JSONTests", ["JSON", "soak"]),
    tests("FivetranTests", ["DriftCore", "Fivetran", "JSON", "Transport"]),
    tests("TransportTests", ["COnDemand", "DriftCore", "Transport"]),
    tests("PostgreSQLTests", ["DriftCore", "PostgreSQL"]),
    tests("StorageTests", ["DriftCore", "Storage"]),
    tests(
      "WarehousesTests",
      ["Cryptography", "DriftCore", "JSON", "PostgreSQL", "Transport", "Warehouses"]),
    tests("DriftCoreTests", ["Cryptography", "DriftCore", "JSON", "soak"]),
    tests(
      "ReconciliationTests",
      [
        "Cryptography", "DriftCore", "Forges", "Git", "JSON", "PostgreSQL", "Reconciliation", "Transport", "Warehouses",
        "mooring-git", "soak",
      ]),
    tests(
      "FivetranSimulatorTests",
      [
        "Cryptography", "DriftCore", "FivetranSimulator", "JSON", "PostgreSQL", "Transport", lifecycle,
        logging,
      ]),
    tests("GitTests", ["Cryptography", "DriftCore", "Git", "mooring-git"]),
    tests("ForgesTests", ["Cryptography", "DriftCore", "Forges", "JSON", "Transport"]),
    tests("LanguageModelsTests", ["DriftCore", "JSON", "LanguageModels", "Transport"]),
    tests("NotifiersTests", ["Cryptography", "DriftCore", "JSON", "Notifiers", "Transport"]),
    tests(
      "MooringTests",
      [
        "DriftCore", "JSON", "PostgreSQL", "Transport", "fivetran-simulator", "mooring", "scripted-model",
      ]),
  ],
  swiftLanguageModes: [.v6]
)
