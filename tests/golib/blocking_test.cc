#include <csan/go.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace {

using namespace std::chrono_literals;

// More wait than there are workers, and one that all wait for goes on.
TEST(Blocking, LetsOthersGoOn) {
  std::atomic<int> there{0};
  std::atomic<bool> go_on{false};
  csan::WaitGroup group;
  for (int i = 0; i < 10; i++) {
    group.Go([&] {
      const int result = csan::Blocking([&] {
        there++;
        while (!go_on) std::this_thread::sleep_for(1ms);
        return 7;
      });
      EXPECT_EQ(result, 7);
    });
  }
  while (there != 10) csan::Sleep(1ms);
  group.Go([&] { go_on = true; });
  group.Wait();
}

TEST(Blocking, ThrowsWhatTheFunctionThrows) {
  csan::WaitGroup group;
  group.Go([] {
    const auto id = csan::GoroutineId();
    EXPECT_THROW(csan::Blocking([] { throw std::runtime_error("no"); }), std::runtime_error);
    EXPECT_EQ(csan::GoroutineId(), id);
    EXPECT_EQ(csan::Blocking([&] { return csan::Blocking([] { return 1; }) + 1; }), 2);
  });
  group.Wait();
  EXPECT_EQ(csan::Blocking([] { return 3; }), 3);
}

TEST(Blocking, ReadsWhatAnotherGoroutineWrites) {
  std::array<int, 2> pipe_fds;
  ASSERT_EQ(pipe(pipe_fds.data()), 0);
  csan::WaitGroup group;
  for (int i = 0; i < 20; i++) {
    group.Go([&] {
      char byte = 0;
      EXPECT_EQ(csan::Read(pipe_fds[0], &byte, 1), 1);
      EXPECT_EQ(byte, 'x');
    });
  }
  csan::Sleep(2ms);
  group.Go([&] {
    for (int i = 0; i < 20; i++) EXPECT_EQ(csan::Write(pipe_fds[1], "x", 1), 1);
  });
  group.Wait();
  close(pipe_fds[0]);
  close(pipe_fds[1]);
}

TEST(Blocking, TellsErrors) {
  csan::WaitGroup group;
  group.Go([] {
    char byte = 0;
    EXPECT_EQ(csan::Read(1000, &byte, 1), -EBADF);
    EXPECT_EQ(csan::Write(1000, &byte, 1), -EBADF);
    EXPECT_EQ(csan::Accept(1000, nullptr, nullptr), -EBADF);
    EXPECT_EQ(csan::Connect(1000, nullptr, 0), -EBADF);
  });
  group.Wait();
}

TEST(Blocking, ServesConnections) {
  const int listener = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  auto* const any = reinterpret_cast<sockaddr*>(&address);
  ASSERT_EQ(bind(listener, any, sizeof(address)), 0);
  ASSERT_EQ(listen(listener, 10), 0);
  socklen_t length = sizeof(address);
  ASSERT_EQ(getsockname(listener, any, &length), 0);
  csan::WaitGroup group;
  group.Go([&] {
    for (int i = 0; i < 5; i++) {
      const int connection = csan::Accept(listener, nullptr, nullptr);
      group.Go([connection] {
        char text[8];
        const ssize_t size = csan::Read(connection, text, sizeof(text));
        EXPECT_EQ(csan::Write(connection, text, static_cast<std::size_t>(size)), size);
        close(connection);
      });
    }
  });
  for (int i = 0; i < 5; i++) {
    group.Go([&] {
      const int connection = socket(AF_INET, SOCK_STREAM, 0);
      ASSERT_EQ(csan::Connect(connection, any, sizeof(address)), 0);
      EXPECT_EQ(csan::Write(connection, "echo", 4), 4);
      char text[8];
      EXPECT_EQ(csan::Read(connection, text, sizeof(text)), 4);
      EXPECT_EQ(std::memcmp(text, "echo", 4), 0);
      close(connection);
    });
  }
  group.Wait();
  close(listener);
}

}  // namespace
