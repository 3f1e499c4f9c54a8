// Most functions of a module are in no model: what tells that is a search for parts of their symbols. The
// others are demangled.
#include "Matcher.h"

#include "llvm/Demangle/Demangle.h"
#include <cstdlib>

using namespace llvm;

namespace csan {

namespace {

/// A::B<int>::f<long> becomes A::B::f.
std::string withoutTemplateArguments(StringRef Name) {
  std::string Out;
  unsigned Depth = 0;
  for (size_t I = 0; I < Name.size(); ++I) {
    if (Depth == 0 && StringRef(Out).ends_with("operator")) {
      StringRef Sign =
          Name.drop_front(I).take_while([](char C) { return StringRef("<>=-").contains(C); });
      Out += Sign;
      I += Sign.size();
      if (I >= Name.size())
        break;
    }
    Depth += Name[I] == '<';
    if (Depth == 0)
      Out += Name[I];
    Depth -= Name[I] == '>' && Depth > 0;
  }
  return Out;
}

/// A function as the program writes it.
struct ReadableName {
  std::string Full;  // with template arguments
  std::string Plain; // without
  std::string Parameters;

  explicit ReadableName(StringRef Symbol) : Full(Symbol), Plain(Symbol) {
    ItaniumPartialDemangler Demangler;
    if (Demangler.partialDemangle(Full.c_str()) || !Demangler.isFunction())
      return;
    Full = take(Demangler.getFunctionName(nullptr, nullptr));
    Parameters = take(Demangler.getFunctionParameters(nullptr, nullptr));
    Plain = withoutTemplateArguments(Full);
  }

  bool matches(const FunctionPattern &P) const {
    StringRef Pattern = *P.Text;
    std::string Name = Pattern.contains('<') ? Full : Plain;
    return P.Glob.match(Pattern.contains('(') ? Name + Parameters : Name);
  }

private:
  static std::string take(char *Allocated) {
    std::string Text = Allocated ? Allocated : "";
    std::free(Allocated);
    return Text;
  }
};

} // namespace

SmallVector<const Rule *, 2> Matcher::rulesOf(StringRef Symbol) const {
  SmallVector<const Rule *, 2> Found;
  std::optional<ReadableName> Name;
  auto Matches = [&](const FunctionPattern &P) {
    if (!Symbol.contains(P.Literal))
      return false;
    if (StringRef(*P.Text).starts_with("_Z"))
      return P.Glob.match(Symbol);
    if (!Name)
      Name.emplace(Symbol);
    return Name->matches(P);
  };
  for (const Rule &R : Rules)
    if (any_of(R.Functions, Matches))
      Found.push_back(&R);
  return Found;
}

} // namespace csan
