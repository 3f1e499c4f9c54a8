//===- Words.h - The words of model files, and suggestions for wrong ones -===//
#ifndef CSAN_MODEL_WORDS_H
#define CSAN_MODEL_WORDS_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include <string>

namespace csan {

/// The one that was probably meant; empty if none is near.
inline llvm::StringRef nearest(llvm::StringRef Word, llvm::ArrayRef<llvm::StringRef> Known) {
  llvm::StringRef Best;
  unsigned BestDistance = Word.size() / 3 + 2;
  for (llvm::StringRef One : Known) {
    unsigned Distance = Word.edit_distance(One, /*AllowReplacements=*/true, BestDistance);
    if (Distance < BestDistance) {
      Best = One;
      BestDistance = Distance;
    }
  }
  return Best;
}

/// "unknown WHAT 'Word'", and what it should be.
inline std::string unknownWord(llvm::StringRef What, llvm::StringRef Word,
                               llvm::ArrayRef<llvm::StringRef> Known) {
  std::string Text = ("unknown " + What + " '" + Word + "'; ").str();
  if (llvm::StringRef Near = nearest(Word, Known); !Near.empty())
    return Text + "did you mean '" + Near.str() + "'?";
  Text += "known are";
  for (llvm::StringRef One : Known)
    Text += (One == Known.front() ? " " : ", ") + One.str();
  return Text;
}

} // namespace csan

#endif
