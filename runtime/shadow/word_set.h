// Interned lists of plain words: what a granule remembers when one word is not enough, because
// several actors read it without order between them or touched different bytes of it.
//
// Interning makes bulk shared data cheap (a matrix read by two actors is one set) and lets one
// compare of the inlined check recognise it. Sets are immutable and live for ever; when the arena is
// full, Intern fails and the caller uses a cell instead, which is slower and exact.
#pragma once

#include "base/types.h"
#include "shadow/short_list.h"
#include "shadow/word.h"

namespace csan {

using WordList = ShortList<Word, 16, 4 * 256>;  // each slot once for each byte

void InitWordSets();
// Appends the plain words that `w` stands for; nothing for 0, cells and freed memory.
void Expand(Word w, WordList* list);
// 0, the single word, or an interned set; kNoEpoch if there is no such set yet and either !create or
// the arena is full. Sorts `list`.
Word Intern(WordList* list, bool create);
// Whether so few sets exist that more do no harm.
bool FewWordSets();
u64 WordSetsInUse();

}  // namespace csan
