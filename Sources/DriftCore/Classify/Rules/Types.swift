extension Rule {
  /// What may happen to a type, the more special first.
  static let types: [Rule] = [
    .typeUnknown, .typeStructFieldAdded, .typeStructFieldRemoved, .typeStructFieldRenamed, .typeStructFieldTypeChanged,
    .typeStructFieldMoved, .typeArrayElementChanged, .typeMapKeyChanged, .typeMapValueChanged, .typeLengthWidened,
    .typeLengthNarrowed, .typePaddingAdded, .typePaddingDropped, .typePrecisionWidened, .typeScaleWidened,
    .typeScaleWidenedDigitsLost, .typeScaleNarrowed,
    .typePrecisionNarrowed, .typeIntegerWidened, .typeIntegerNarrowed, .typeIntegerToDecimal, .typeIntegerToFloat,
    .typeFloatWidened, .typeFloatNarrowed, .typeDecimalToFloat, .typeFloatToDecimal, .typeDateToTimestamp,
    .typeTimestampToDate, .typeTimezoneAdded, .typeTimezoneDropped, .typeFractionalSecondsChanged,
    .typeBooleanToInteger, .typeIntegerToBoolean, .typeBinaryLengthWidened, .typeBinaryLengthNarrowed,
    .typeVectorDimensionsChanged, .typeScalarToArray, .typeArrayToScalar, .typeToJson, .typeToStringTooShort,
    .typeToString, .typeFromJson, .typeFromString, .typeIncompatible,
  ]
}
