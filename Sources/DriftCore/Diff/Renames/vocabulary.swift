// What words mean wherever tables have columns: in any product's database, in any framework's conventions. Words of one
// product do not belong here.

/// Spelled-out form of common abbreviations and variants. The first of a line is the form that the others become.
let abbreviations: [String: String] = {
  let lines = """
    quantity qty quant
    number numbers num no nr nbr
    description desc descr
    address addr
    amount amt
    account acct
    organization organisation org
    configuration config conf cfg
    environment env
    information info
    identifier ident
    message msg
    maximum max
    minimum min
    average avg
    reference ref
    telephone tel phone
    image img
    picture pic photo
    password pwd passwd
    database db
    document doc
    department dept
    manager mgr
    management mgmt
    transaction txn trx
    parameter param
    attribute attr
    category cat
    language lang
    percentage pct percent
    source src
    destination dest dst
    temporary temp tmp
    authentication auth
    administrator admin
    application app
    repository repo
    specification spec
    statistic stat
    sequence seq
    previous prev
    position pos
    registration reg
    calculation calc
    vulnerability vuln
    postal zip zipcode postcode postalcode
    state province
    mail email
    url link uri
    customer cust
    product prod
    currency curr cur
    colour color
    cancelled canceled
    licence license
    created creation create
    updated update modified
    deleted delete
    start begin started
    end finish ended
    version ver
    response resp
    request req
    execution exec
    operation op
    location loc
    development dev
    production prd
    certificate cert
    function func
    character char
    length len
    text txt
    value val
    birthday birthdate dob
    longitude lng lon long
    latitude lat
    ip ipaddress
    hostname host
    """
  var forms: [String: String] = [:]
  for line in lines.split(separator: "\n") {
    let words = line.split(separator: " ").map(String.init)
    for word in words where forms[word] == nil { forms[word] = words[0] }
  }
  return forms
}()

/// Words that unrelated columns share: to have them in common says little.
let genericWords: Set<String> = wordSet(
  """
  _ id name code type status state date at on time c is has count number value key flag text data kind info first last next
  total new current enable enabled allow show use can should display include disable disabled with by for of to in from
  and or the
  """)

let booleanPrefixes: Set<String> = ["is", "has"]
let timeSuffixes: Set<String> = ["at", "on", "date", "time", "datetime", "timestamp", "day"]

/// Words of which a column cannot change one for the other and stay the same thing.
private let opposites: Set<[String]> = {
  let pairs = """
    first last,start end,from to,created updated,created deleted,updated deleted,billing shipping,min max,source target
    source destination,active deleted,enabled disabled,enable disable,open closed,opened closed,gross net,home work
    debit credit,in out,parent child,old new,sent received,read write,public private,before after,buy sell,front rear
    front back,left right,up down,width height,latitude longitude,success failure,primary secondary,sender recipient,a b
    x y,inbound outbound,upper lower,subject body,host guest,hidden visible,allow deny,active inactive,valid invalid
    total average,income expense,user account,request response,actual expected,planned actual
    """
  var both: Set<[String]> = []
  for pair in pairs.split(whereSeparator: { $0 == "," || $0 == "\n" }) {
    let words = pair.split(separator: " ").map { normalForm(String($0)) }
    both.insert(words)
    both.insert(words.reversed())
  }
  return both
}()

func areOpposites(_ left: String, _ right: String) -> Bool { opposites.contains([left, right]) }

/// One is the other's negation: `inactive` and `active`.
func areNegations(_ left: String, _ right: String) -> Bool {
  ["in", "un", "non", "dis"].contains { $0 + left == right || $0 + right == left }
}

/// Normal forms of words that name a unit: a column that gains, loses or changes one holds other numbers.
let units: Set<String> = Set(
  wordSet(
    """
    cent cents usd eur gbp micro micros pct percent percentage ratio rate ms millisecond second sec minute hour day week
    month kg g gram lb km mile m meter byte kb mb gb
    """
  ).map(normalForm))

/// Words that say that the values were made anew: hashed, encrypted, of another version.
let replacements: Set<String> = wordSet(
  """
  hash hashed digest hmac ciphertext cipher encrypted sha256 sha1 md5 v2 v3 v4 old legacy backup new tmp
  """)

/// What a column says of its object: its key, its name, its kind. One facet is not another.
let facets: Set<String> = wordSet("id type name code obj object kind")

private func wordSet(_ words: String) -> Set<String> {
  Set(words.split(whereSeparator: { $0 == " " || $0 == "\n" }).map(String.init))
}
