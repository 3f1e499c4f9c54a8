// Cells of memory that was forgotten as a whole: a thread's stack, a large mapping.
//
// To look for them there would be to read a shadow of 16 MB for each thread. So their words are cleared
// and they stay, named by nobody, with the clocks of the locks that lay there, until there are twice as
// many cells as the last sweep has left. Cost: a look at each cell that has ever been in use, a few
// nanoseconds for each that is made.
#pragma once

namespace csan {

// After words of cells were cleared. Any thread; nothing is done while another does it.
void SweepCellsIfMany();

}  // namespace csan
