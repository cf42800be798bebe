// Words of one meaning in the names of columns, in normal form or not. Words of one product do not belong here.

/// One word for the other: `reporter` and `owner` of a ticket, `cost` and `price`. Never a word and itself.
func areSynonyms(_ left: String, _ right: String) -> Bool {
  left != right && !(groupsByWord[left] ?? []).isDisjoint(with: groupsByWord[right] ?? [])
}

/// For each word the numbers of the lines below that it stands on.
private let groupsByWord: [String: Set<Int>] = {
  let lines = """
    display visible show
    owner reporter author
    remediated mitigated resolved fixed
    remark comment note memo
    title heading
    picture avatar
    remote external
    cost price fee charge
    kind category
    login username
    surname lastname
    company organization
    mobile phone telephone cellphone
    due deadline
    host server
    member user staff person
    vendor supplier
    invoice bill
    shipment delivery
    job task
    group team
    delete remove
    create add
    client customer
    client browser
    partner affiliate
    content body
    birth born
    salary wage
    city town
    gender sex
    status state
    subject topic
    directory folder
    channel medium
    purchase buy
    score rating
    size length
    speed velocity
    tag label
    teacher instructor
    student pupil
    worker employee
    country nation
    """
  var groups: [String: Set<Int>] = [:]
  for (number, line) in lines.split(separator: "\n").enumerated() {
    for word in line.split(separator: " ") { groups[normalForm(String(word)), default: []].insert(number) }
  }
  return groups
}()
