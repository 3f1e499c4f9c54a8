// Go-shaped concurrency for C++20: goroutines on a few OS threads. Link with CSan::go. See
// runtime/golib/README.md; every header below explains its types, what they order, and shows an example.
//
// Everything may be used by goroutines and by ordinary threads (main among them) alike.
#pragma once

#include <csan/go/blocking.h>
#include <csan/go/chan.h>
#include <csan/go/cond.h>
#include <csan/go/context.h>
#include <csan/go/err_group.h>
#include <csan/go/goroutine.h>
#include <csan/go/mutex.h>
#include <csan/go/once.h>
#include <csan/go/panic.h>
#include <csan/go/rw_mutex.h>
#include <csan/go/select.h>
#include <csan/go/semaphore.h>
#include <csan/go/signal.h>
#include <csan/go/singleflight.h>
#include <csan/go/time.h>
#include <csan/go/wait_group.h>
#include <csan/go/worker_pool.h>
