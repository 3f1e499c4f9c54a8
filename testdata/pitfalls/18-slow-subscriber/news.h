// A newsroom with one subscriber, which cancels its subscription as soon as it has read the first item, while
// the next ones come in.
#pragma once

#include <csan/go.h>

#include <algorithm>
#include <mutex>
#include <vector>

using Mailbox = csan::Chan<int>;

template <typename Publisher>
void Run() {
  Publisher publisher;
  csan::WaitGroup subscriber;
  const Mailbox mailbox = publisher.Subscribe();
  const auto published = csan::MakeChan<csan::Unit>();
  subscriber.Go([&] {
    mailbox.Receive();
    published.Receive();
    publisher.Cancel(mailbox);
  });
  publisher.Publish(1);
  publisher.Publish(2, [&] { published.Close(); });
  publisher.Publish(3);
  subscriber.Wait();
}
