// KIND: data-race
// Both directions of a connection over the network order.
#include <netinet/in.h>
#include <sys/socket.h>
#include <stdlib.h>
#include <unistd.h>

#include "../support/order.h"

int data;
char byte;

int main() {
  const int server = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in at = {};
  at.sin_family = AF_INET;
  at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(at);
  auto* address = reinterpret_cast<sockaddr*>(&at);
  if (bind(server, address, size) != 0 || listen(server, 1) != 0) return 2;
  getsockname(server, address, &size);
  HandOver(
      [] { data = 1; },  // RACE
      [=] {
        const int client = socket(AF_INET, SOCK_STREAM, 0);
        if (connect(client, reinterpret_cast<const sockaddr*>(&at), sizeof(at)) != 0) exit(3);
        close(client);
      },
      [=] {
        if (accept(server, nullptr, nullptr) < 0) exit(4);
      },
      [] { data = 2; });  // RACE
}
