#include "actor/coroutine.h"
#include "report/finding.h"

namespace csan {

void AddFrame(u64 pc, Stack* out) {
  if (!IsCreation(pc)) {
    out->pc[out->n++] = pc;
  } else if (out->creation == 0) {
    out->creation = CreationIn(pc);
  }
}

void FillStack(StackId path, Stack* out) {
  out->n = 0;
  out->creation = 0;
  out->kept = path != 0;
  for (; path != 0 && out->n < Stack::kMax; path = NodeAt(path).parent) {
    AddFrame(NodeAt(path).pc_note & kPcMask, out);
  }
}

}  // namespace csan
