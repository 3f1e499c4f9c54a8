// Reads model files with LLVM's YAML I/O, which knows where each word stands.
#include "Model.h"
#include "Words.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSwitch.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/SourceMgr.h"
#include "llvm/Support/YAMLTraits.h"

using namespace llvm;

namespace csan {

namespace {

struct OperationName {
  StringRef Name;
  abi::Operation Op;
};
constexpr OperationName Operations[] = {
#define CSAN_OPERATION(Id, Name, ...) {Name, abi::Operation::k##Id},
#include "abi/operations.def"
#undef CSAN_OPERATION
};
constexpr StringRef Keys[] = {
    "function", "operation", "object",     "number",   "when", "closed", "reads",   "writes",
    "inside",   "lenient",   "must-drain", "may-drop", "at",   "holder", "objects", "case"};

/// What traits return has to live until it is printed.
struct Context {
  std::string Message;
  std::string Diagnostic;
};
StringRef fail(void *C, const Twine &Message) {
  return static_cast<Context *>(C)->Message = Message.str();
}

/// What is wrong with a value that is to be one of two words, or nothing.
StringRef eitherOf(StringRef Text, StringRef First, StringRef Second, void *C) {
  if (Text == First || Text == Second)
    return "";
  return fail(C, "'" + Text + "' is neither '" + First + "' nor '" + Second + "'");
}

/// What the ABI abbreviates is in no symbol.
constexpr StringRef Abbreviated[] = {"std",     "allocator", "basic_string", "string",
                                     "istream", "ostream",   "iostream"};

/// Longest run of characters that a symbol has as they are; of an operator neither its name nor its type.
StringRef literalOf(StringRef Pattern) {
  StringRef Best;
  auto IsWord = [](char C) { return isAlnum(C) || C == '_'; };
  for (StringRef Rest = Pattern; !Rest.empty();) {
    StringRef Word = Rest.take_while(IsWord);
    if (Word == "operator")
      break;
    if (Word.size() > Best.size() && !is_contained(Abbreviated, Word))
      Best = Word;
    Rest = Rest.drop_front(Word.empty() ? 1 : Word.size());
  }
  return Best;
}

/// What is in brackets or braces are alternatives; template arguments and parameters are spelt otherwise in
/// symbols.
std::string plainPart(StringRef Pattern) {
  std::string Out;
  unsigned Depth = 0;
  for (char C : Pattern) {
    if (C == '(' || C == '\\')
      break;
    Depth += StringRef("[{<").contains(C);
    Out += Depth == 0 ? C : ' ';
    Depth -= StringRef("]}>").contains(C) && Depth > 0;
  }
  return Out;
}

/// "this", "result", a number, and "*" before any of the first and last.
std::optional<Argument> parseArgument(StringRef Text) {
  Argument A;
  A.Indirect = Text.consume_front("*");
  if (Text == "result") {
    A.Index = Argument::Result;
    return A;
  }
  if (Text != "this" && (Text.getAsInteger(10, A.Index) || A.Index < 0))
    return std::nullopt;
  return A;
}

std::optional<Condition> parseCondition(StringRef Text) {
  if (Text == "true" || Text == "not null")
    return Condition{CmpInst::ICMP_NE, 0};
  if (Text == "false" || Text == "null")
    return Condition{CmpInst::ICMP_EQ, 0};
  constexpr std::pair<StringRef, CmpInst::Predicate> Relations[] = {
      {"==", CmpInst::ICMP_EQ}, {"!=", CmpInst::ICMP_NE},  {"<=", CmpInst::ICMP_SLE},
      {"<", CmpInst::ICMP_SLT}, {">=", CmpInst::ICMP_SGE}, {">", CmpInst::ICMP_SGT}};
  for (const auto &[Sign, Relation] : Relations) {
    if (!Text.consume_front(Sign))
      continue;
    Condition C{Relation, 0};
    if (Text.trim().getAsInteger(0, C.Value))
      return std::nullopt;
    return C;
  }
  return std::nullopt;
}

struct Inside {
  bool Checked = false;
};
struct Place {
  bool Entry = false;
};
struct Holder {
  bool Fiber = false;
};

bool isSelect(abi::Operation Op) {
  return Op == abi::Operation::kSelect || Op == abi::Operation::kTrySelect;
}

/// What is wrong with what it waits for, or nothing.
StringRef mistakeInCases(const Rule &R) {
  if (!isSelect(R.Op))
    return R.Objects.empty() && R.Cases.empty() ? "" : "only a select has 'objects' and a 'case'";
  if (R.Objects.empty() ? !R.Object || !R.Number : R.Object || R.Number)
    return "a select has 'objects', the arguments it waits for, or 'object', an array of pointers "
           "to them, and 'number', how many";
  if (R.Objects.size() > abi::kCasesMax)
    return "a select has at most 32 'objects'";
  if (R.Cases.size() > 1 && R.Cases.size() != R.Objects.size())
    return "a select has one 'case' for each of its 'objects', or one for all";
  return "";
}

bool isOfLock(abi::Operation Op) {
  return Op >= abi::Operation::kLock && Op <= abi::Operation::kReadUnlock;
}

/// What orders, and needs nothing of how the call ends.
bool fitsEntry(const Rule &R) {
  return is_contained({abi::Operation::kAcquire, abi::Operation::kRelease, abi::Operation::kNotify,
                       abi::Operation::kRun, abi::Operation::kSwitch},
                      R.Op) &&
         R.Object && R.Object->Index != Argument::Result && !R.When && !R.Closed &&
         R.Reads.empty() && R.Writes.empty();
}

/// A list, whose brackets may be left out around a single element.
template <typename T> struct OneOrMore {
  std::vector<T> All;
};
struct NoMapping {};

} // namespace

} // namespace csan

LLVM_YAML_IS_SEQUENCE_VECTOR(csan::FunctionPattern)
LLVM_YAML_IS_SEQUENCE_VECTOR(csan::Rule)
LLVM_YAML_IS_SEQUENCE_VECTOR(csan::Argument)
LLVM_YAML_IS_SEQUENCE_VECTOR(csan::abi::Case)

namespace llvm::yaml {

/// A scalar that is only read.
template <typename T> struct ReadOnly {
  static void output(const T &, void *, raw_ostream &) {}
  static QuotingType mustQuote(StringRef) { return QuotingType::None; }
};

template <> struct ScalarTraits<csan::FunctionPattern> : ReadOnly<csan::FunctionPattern> {
  static StringRef input(StringRef Text, void *C, csan::FunctionPattern &P) {
    P.Text = std::make_unique<std::string>(Text.trim());
    if (P.Text->empty())
      return "a function's name is empty";
    Expected<GlobPattern> Glob = GlobPattern::create(*P.Text, /*MaxSubPatterns=*/256);
    if (!Glob)
      return csan::fail(C, "'" + Text + "' is no pattern: " + toString(Glob.takeError()) +
                               "; write '\\[' for a bracket");
    P.Glob = std::move(*Glob);
    P.Literal = csan::literalOf(csan::plainPart(*P.Text)).str();
    return "";
  }
};

template <> struct ScalarTraits<csan::abi::Operation> : ReadOnly<csan::abi::Operation> {
  static StringRef input(StringRef Text, void *C, csan::abi::Operation &Op) {
    SmallVector<StringRef, 64> Known;
    for (const csan::OperationName &One : csan::Operations) {
      if (One.Name == Text) {
        Op = One.Op;
        return "";
      }
      Known.push_back(One.Name);
    }
    return csan::fail(C, csan::unknownWord("operation", Text, Known));
  }
};

template <> struct ScalarTraits<csan::Argument> : ReadOnly<csan::Argument> {
  static StringRef input(StringRef Text, void *C, csan::Argument &A) {
    if (std::optional<csan::Argument> Parsed = csan::parseArgument(Text)) {
      A = *Parsed;
      return "";
    }
    return csan::fail(C, "'" + Text + "' is no argument; write this, result, or its number from 0");
  }
};

template <> struct ScalarTraits<csan::Condition> : ReadOnly<csan::Condition> {
  static StringRef input(StringRef Text, void *C, csan::Condition &Value) {
    if (std::optional<csan::Condition> Parsed = csan::parseCondition(Text)) {
      Value = *Parsed;
      return "";
    }
    return csan::fail(C, "'" + Text +
                             "' is no condition; write true, false, null, not null, or a " +
                             "comparison with a number such as '== 0'");
  }
};

template <> struct ScalarTraits<csan::Inside> : ReadOnly<csan::Inside> {
  static StringRef input(StringRef Text, void *C, csan::Inside &I) {
    I.Checked = Text == "checked";
    return csan::eitherOf(Text, "checked", "ignored", C);
  }
};

template <> struct ScalarTraits<csan::Place> : ReadOnly<csan::Place> {
  static StringRef input(StringRef Text, void *C, csan::Place &P) {
    P.Entry = Text == "entry";
    return csan::eitherOf(Text, "call", "entry", C);
  }
};

template <> struct ScalarTraits<csan::abi::Case> : ReadOnly<csan::abi::Case> {
  static StringRef input(StringRef Text, void *C, csan::abi::Case &Value) {
    const int Which =
        StringSwitch<int>(Text).Case("receive", 0).Case("send", 1).Case("wait", 2).Default(-1);
    if (Which < 0)
      return csan::fail(C, "'" + Text + "' is no case; write receive, send or wait");
    Value = static_cast<csan::abi::Case>(Which);
    return "";
  }
};

template <> struct ScalarTraits<csan::Holder> : ReadOnly<csan::Holder> {
  static StringRef input(StringRef Text, void *C, csan::Holder &H) {
    H.Fiber = Text == "fiber";
    return csan::eitherOf(Text, "thread", "fiber", C);
  }
};

template <> struct MappingTraits<csan::NoMapping> {
  static void mapping(IO &IO, csan::NoMapping &) { IO.setError("neither one nor a list of them"); }
};

template <typename T> struct PolymorphicTraits<csan::OneOrMore<T>> {
  static NodeKind getKind(const csan::OneOrMore<T> &) { return NodeKind::Sequence; }
  static T &getAsScalar(csan::OneOrMore<T> &Value) { return Value.All.emplace_back(); }
  static std::vector<T> &getAsSequence(csan::OneOrMore<T> &Value) { return Value.All; }
  static csan::NoMapping &getAsMap(csan::OneOrMore<T> &) {
    static csan::NoMapping None;
    return None;
  }
};

template <> struct MappingTraits<csan::Rule> {
  static void mapping(IO &IO, csan::Rule &R) {
    csan::OneOrMore<csan::FunctionPattern> Functions;
    csan::OneOrMore<int> Reads, Writes;
    csan::OneOrMore<csan::Argument> Objects;
    csan::OneOrMore<csan::abi::Case> Cases;
    csan::Inside In;
    csan::Place At;
    csan::Holder Holds;
    IO.mapRequired("function", Functions);
    IO.mapRequired("operation", R.Op);
    IO.mapOptional("object", R.Object);
    IO.mapOptional("number", R.Number);
    IO.mapOptional("when", R.When);
    IO.mapOptional("closed", R.Closed);
    IO.mapOptional("lenient", R.Lenient);
    IO.mapOptional("must-drain", R.MustDrain);
    IO.mapOptional("may-drop", R.MayDrop);
    IO.mapOptional("reads", Reads);
    IO.mapOptional("writes", Writes);
    IO.mapOptional("inside", In);
    IO.mapOptional("at", At);
    IO.mapOptional("holder", Holds);
    IO.mapOptional("objects", Objects);
    IO.mapOptional("case", Cases);
    R.Functions = std::move(Functions.All);
    R.Reads = std::move(Reads.All);
    R.Writes = std::move(Writes.All);
    R.ChecksInside = In.Checked;
    R.AtEntry = At.Entry;
    R.FibersHold = Holds.Fiber;
    R.Objects = std::move(Objects.All);
    R.Cases = std::move(Cases.All);
  }
  static std::string validate(IO &IO, csan::Rule &R) {
    if (any_of(IO.keys(), [](StringRef Key) { return !is_contained(csan::Keys, Key); }))
      return ""; // that is told, and may be why another is missing
    if (StringRef Mistake = csan::mistakeInCases(R); !Mistake.empty())
      return Mistake.str();
    const bool NeedsNone = csan::isSelect(R.Op) || R.Op == csan::abi::Operation::kIgnore ||
                           (R.Op == csan::abi::Operation::kSwitch && !R.AtEntry);
    if (!NeedsNone && !R.Object)
      return "the rule lacks 'object': the argument that is the lock, channel or other object";
    if (R.Op == csan::abi::Operation::kAdd && !R.Number)
      return "the rule lacks 'number': the argument by which the count changes";
    if (R.MustDrain && R.MayDrop)
      return "a channel that must be drained may not drop what is left in it";
    if (R.FibersHold && !csan::isOfLock(R.Op))
      return "only a lock has a 'holder'";
    if (R.AtEntry && !csan::fitsEntry(R))
      return "at a function's entry it can only acquire, release, notify, run or switch to an "
             "argument";
    return "";
  }
};

} // namespace llvm::yaml

namespace csan {

namespace {

/// The first is the mistake; what follows comes of it.
void keepFirst(const SMDiagnostic &D, void *C) {
  auto *Read = static_cast<Context *>(C);
  if (!Read->Diagnostic.empty())
    return;
  StringRef Message = D.getMessage();
  std::string Better = Message.str();
  if (Message.consume_front("unknown key '"))
    Better = unknownWord("key", Message.take_until([](char Ch) { return Ch == '\''; }), Keys);
  raw_string_ostream(Read->Diagnostic)
      << D.getFilename() << ':' << D.getLineNo() << ':' << D.getColumnNo() + 1 << ": " << Better;
}

} // namespace

std::vector<Rule> parseModel(MemoryBufferRef Text, std::string &Error) {
  Context C;
  yaml::Input In(Text, &C, keepFirst, &C);
  std::vector<Rule> Rules;
  // A document that cannot be read at all has no first node, which operator>> would look at.
  if (In.setCurrentDocument() && !In.error()) {
    yaml::EmptyContext Empty;
    yaml::yamlize(In, Rules, /*Required=*/true, Empty);
  }
  if (!In.error())
    return Rules;
  Error = C.Diagnostic.empty() ? (Text.getBufferIdentifier() + ": is no YAML").str() : C.Diagnostic;
  return {};
}

std::vector<Rule> readModel(StringRef File, std::string &Error) {
  ErrorOr<std::unique_ptr<MemoryBuffer>> Buffer = MemoryBuffer::getFile(File, /*IsText=*/true);
  if (Buffer)
    return parseModel((*Buffer)->getMemBufferRef(), Error);
  Error = ("cannot read the model '" + File + "': " + Buffer.getError().message()).str();
  return {};
}

} // namespace csan
