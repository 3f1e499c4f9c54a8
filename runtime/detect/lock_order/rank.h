// Ranks of locks: an order of them in which each edge leads upwards, kept as edges come (Pearce and Kelly,
// "A Dynamic Topological Sort Algorithm for Directed Acyclic Graphs", JEA 11, 2006).
//
// As long as all edges fit there is no cycle, and nobody needs to search for one. Edges that close a cycle
// stay without a rank; from then on searches are needed again.
// Cost: a comparison for an edge that fits the ranks; else those locks are ranked anew that lie between its
// ends and hang together with them. A program that has an order of locks soon has it in the ranks. Above
// kNodes such locks the edge is taken for one that closes a cycle, so nothing is missed.
#pragma once

#include "base/types.h"

namespace csan::lock_order {

// Ranks the locks of an edge just added. False if a cycle may lead along it.
bool FitRanks(u32 edge);

}  // namespace csan::lock_order
