//===- Matcher.h - Finds the rules of a function --------------------------===//
#ifndef CSAN_MODEL_MATCHER_H
#define CSAN_MODEL_MATCHER_H

#include "Model.h"

#include "llvm/ADT/SmallVector.h"

namespace csan {

class Matcher {
public:
  explicit Matcher(std::vector<Rule> Rules) : Rules(std::move(Rules)) {}
  /// Of the function with that symbol, in the order of the files.
  llvm::SmallVector<const Rule *, 2> rulesOf(llvm::StringRef Symbol) const;

private:
  std::vector<Rule> Rules;
};

} // namespace csan

#endif
