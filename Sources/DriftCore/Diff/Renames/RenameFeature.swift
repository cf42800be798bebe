/// What speaks for or against a removed and an added column being one. Each is a number, mostly 0 or 1.
///
/// The weights add up to the logarithm of the odds. They were set by hand and adjusted on labelled changes with a strong
/// pull towards the hand-set values; docs/renames.md has the figures, also for systems that the adjustment did not see.
enum RenameFeature: Int, CaseIterable {
  /// A removal and an addition as such.
  case base
  /// Share of the weight of all words that both names have, 0 to 1.
  case words
  /// The same for the shorter name alone: 1 where it is wholly inside the longer.
  case containment
  /// How alike the names are letter by letter, from 0.3 on.
  case letters
  /// The same words but for `is_`, `_at`, plurals, abbreviations, a slip of the pen.
  case sameCore
  /// The new name only lost a word, and that word is not the table's.
  case lostWord
  /// One name inside the other, and no rival of their type.
  case containedAlone
  /// One name inside the other, the rest being words of the table's name.
  case tableWords
  /// A telling word was exchanged for another, and there are rivals.
  case exchangedWord
  /// A word that no other removed or added column has.
  case rareWord
  /// Text now, something narrower before.
  case becameText
  /// A type that does not hold the old values: only where the place speaks for the pair.
  case becameOther
  /// NULL is allowed now and was not.
  case relaxed
  /// References that are never NULL: such a column is hard to add to a table with rows, easy to rename.
  case requiredReference
  /// Nothing else was removed or added.
  case alone
  /// Nothing else of these types was removed or added.
  case aloneOfType
  /// As before, and the names share nothing, but it is no reference.
  case aloneUnlike
  /// Logarithm of how many removed columns could have become the added one.
  case removedRivals
  /// Logarithm of how many added columns the removed one could have become.
  case addedRivals
  /// A reference to one thing gone, a reference to another thing come.
  case otherReference
  /// `id` at the end of one name only.
  case becameReference
  /// No telling word in common.
  case unlike
  /// As before: logarithm of how many times more columns came than went. New columns come in crowds, renames one for one.
  case unlikeInCrowd
  /// Logarithm of how many pairs of this table exchange the same words.
  case consistent
  /// The words exchanged are those that the table's own name exchanged.
  case likeTable
  /// Logarithm of how many other removed columns have the lost word: the thing that they describe is gone.
  case lostFamily
  /// Logarithm of how many other added columns have the gained word: a new thing has come.
  case gainedFamily
  /// Logarithm of how many other removed columns have the shared word.
  case sharedFamily
  /// Another facet of the same object: its type for its id.
  case otherFacet
  /// The values were made anew: hashed, encrypted, of another version.
  case replaced
  /// At the same place between the same columns, where the source's own order is known; or at the end of a table in which
  /// all pairs line up.
  case samePlace
  /// Behind the last column that stayed, where new columns are put anyway, and as many places from it.
  case samePlaceAtEnd
  /// Between the same columns, though not one for one.
  case sameGap
  /// At another place.
  case otherPlace

  var weight: Double {
    switch self {
    case .base: -2.45
    case .words: 2.95
    case .containment: 1.45
    case .letters: 1.5
    case .sameCore: 1.95
    case .lostWord: -1.3
    case .containedAlone: 0.7
    case .tableWords: 0.5
    case .exchangedWord: -0.45
    case .rareWord: 1
    case .becameText: -2
    case .becameOther: -2
    case .relaxed: -1
    case .requiredReference: 1
    case .alone: 0.7
    case .aloneOfType: 0.7
    case .aloneUnlike: 0.7
    case .removedRivals: -0.25
    case .addedRivals: -0.25
    case .otherReference: -1.55
    case .becameReference: -1
    case .unlike: -0.4
    case .unlikeInCrowd: -0.35
    case .consistent: 2.45
    case .likeTable: 1
    case .lostFamily: -1.55
    case .gainedFamily: -0.9
    case .sharedFamily: -0.35
    case .otherFacet: -1
    case .replaced: -2
    case .samePlace: 7
    case .samePlaceAtEnd: 1.5
    case .sameGap: 2
    case .otherPlace: -4
    }
  }
}

extension RenameFeature {
  /// The source's own order speaks for the pair.
  static let inPlace: [Self] = [.samePlace, .samePlaceAtEnd, .sameGap]
}

/// From this probability on a pair is asserted, whatever the table.
let leastAsserted = 0.6
/// The same where the source's own order speaks for the pair.
let leastAssertedInPlace = 0.5
/// From this probability on a pair is shown, and a person picks.
let leastShown = 0.15
