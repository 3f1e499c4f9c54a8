// Times, limits, users, processes, signals and networks (runtime/frontend/libc/calls.def): the first thread
// has written to what the call reads or fills.
#include "case.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <net/if.h>
#include <netdb.h>
#include <netinet/ether.h>
#include <pwd.h>
#include <sched.h>
#include <signal.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/sysinfo.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <sys/times.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>

static time_t now = 86400;
static tm broken;
static timespec spec, nap = {0, 1}, left;
static tms used;
static itimerval interval;
static itimerspec interval_spec;
static struct rusage usage;
static struct rlimit limit;
static struct rlimit64 limit64;
static struct sysinfo info;
static utsname names;
static char text[256];
static char date[] = "1970-02-03 x";
static double loads[3];
static gid_t groups[64];
static uid_t ids[3];
static gid_t group_ids[3];
static termios settings;
static cpu_set_t cpus;
static sched_param parameters;
static int policy;
static passwd user, *user_got;
static group one_group, *group_got;
static char buffer[4096];
static char root[] = "root";
static int status;
static siginfo_t child;
static char command[] = "true";
static char variable[] = "CSAN_CASE";
static char assignment[] = "CSAN_CASE=2";
static sigset_t set, old;
static int terminal, timer, sockets[2];
static timer_t posix_timer;
static socklen_t size;
static int option;
static char loopback[] = "127.0.0.1";
static in_addr address;
static sockaddr_in place;
static addrinfo hints, *infos;
static ether_addr hardware;
static char hardware_text[] = "1:2:3:4:5:6 host";

__attribute__((constructor)) static void Open() {
  terminal = posix_openpt(O_RDWR | O_NOCTTY);
  MUST(terminal >= 0 && grantpt(terminal) == 0 && unlockpt(terminal) == 0);
  MUST(tcgetattr(terminal, &settings) == 0);
  timer = timerfd_create(CLOCK_MONOTONIC, 0);
  MUST(socketpair(AF_UNIX, SOCK_STREAM, 0, sockets) == 0);
  sigevent none = {};
  none.sigev_notify = SIGEV_NONE;
  MUST(timer_create(CLOCK_MONOTONIC, &none, &posix_timer) == 0);
  MUST(getrlimit(RLIMIT_NOFILE, &limit) == 0 && getrlimit64(RLIMIT_NOFILE, &limit64) == 0);
  MUST(sched_getaffinity(0, sizeof(cpus), &cpus) == 0);
  place.sin_family = AF_INET;
  place.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  hints.ai_flags = AI_NUMERICHOST;
}
UNSEEN static pid_t Child() {
  const pid_t pid = fork();
  if (pid == 0) _exit(0);
  return pid;
}
static void AwaitChild(pid_t got) { MUST(got > 0); }

// Times
ACCESS("time", &now, time(&now))
ACCESS("timespec_get", &spec, MUST(timespec_get(&spec, TIME_UTC) == TIME_UTC))
ACCESS("clock_getres", &spec, MUST(clock_getres(CLOCK_MONOTONIC, &spec) == 0))
ACCESS("times", &used, times(&used))
ACCESS("timegm", &broken, timegm(&broken))
ACCESS("strptime", &broken, MUST(strptime(date, "%Y-%m-%d", &broken) == date + 10))
ACCESS("strptime", date + 9, MUST(strptime(date, "%Y-%m-%d", &broken) == date + 10))
ACCESS("localtime", localtime(&now), localtime(&now))
ACCESS("gmtime", gmtime(&now), gmtime(&now))
ACCESS("asctime", asctime(&broken), asctime(&broken))
ACCESS("ctime", ctime(&now), ctime(&now))
ACCESS("nanosleep", &nap, nanosleep(&nap, &left))
ACCESS("clock_nanosleep", &nap, clock_nanosleep(CLOCK_MONOTONIC, 0, &nap, &left))
ACCESS("getitimer", &interval, MUST(getitimer(ITIMER_PROF, &interval) == 0))
ACCESS("timer_gettime", &interval_spec, MUST(timer_gettime(posix_timer, &interval_spec) == 0))
ACCESS("timerfd_gettime", &interval_spec, MUST(timerfd_gettime(timer, &interval_spec) == 0))
ACCESS("getrusage", &usage, MUST(getrusage(RUSAGE_SELF, &usage) == 0))
ACCESS("getrlimit", &limit, MUST(getrlimit(RLIMIT_NOFILE, &limit) == 0))
ACCESS("getrlimit64", &limit64, MUST(getrlimit64(RLIMIT_NOFILE, &limit64) == 0))
ACCESS("setrlimit", &limit, MUST(setrlimit(RLIMIT_NOFILE, &limit) == 0))
ACCESS("setrlimit64", &limit64, MUST(setrlimit64(RLIMIT_NOFILE, &limit64) == 0))
ACCESS("prlimit", &limit, MUST(prlimit(0, RLIMIT_NOFILE, nullptr, &limit) == 0))
ACCESS("prlimit64", &limit64, MUST(prlimit64(0, RLIMIT_NOFILE, nullptr, &limit64) == 0))

// The system
ACCESS("sysinfo", &info, MUST(sysinfo(&info) == 0))
ACCESS("uname", &names, MUST(uname(&names) == 0))
ACCESS("gethostname", text, MUST(gethostname(text, sizeof(text)) == 0))
ACCESS("getdomainname", text, MUST(getdomainname(text, sizeof(text)) == 0))
ACCESS("getloadavg", &loads[1], MUST(getloadavg(loads, 2) == 2))
ACCESS("getgroups", groups, if (getgroups(64, groups) == 0) groups[0] = 1)
ACCESS("getresuid", &ids[2], MUST(getresuid(&ids[0], &ids[1], &ids[2]) == 0))
ACCESS("getresgid", &group_ids[2], MUST(getresgid(&group_ids[0], &group_ids[1], &group_ids[2]) == 0))
ACCESS("getlogin_r", text, if (getlogin_r(text, sizeof(text)) != 0) text[0] = 1)
ACCESS("ttyname_r", text, if (ttyname_r(terminal, text, sizeof(text)) != 0) text[0] = 1)
ACCESS("ptsname_r", text, MUST(ptsname_r(terminal, text, sizeof(text)) == 0))
ACCESS("confstr", text, MUST(confstr(_CS_PATH, text, sizeof(text)) != 0))
ACCESS("tcgetattr", &settings, MUST(tcgetattr(terminal, &settings) == 0))
ACCESS("tcsetattr", &settings, MUST(tcsetattr(terminal, TCSANOW, &settings) == 0))
ACCESS("getentropy", text + 3, MUST(getentropy(text, 4) == 0))
ACCESS("getrandom", text + 3, MUST(getrandom(text, 4, 0) == 4))
ACCESS("sched_getaffinity", &cpus, MUST(sched_getaffinity(0, sizeof(cpus), &cpus) == 0))
ACCESS("sched_setaffinity", &cpus, MUST(sched_setaffinity(0, sizeof(cpus), &cpus) == 0))
ACCESS("sched_getparam", &parameters, MUST(sched_getparam(0, &parameters) == 0))
ACCESS("pthread_getaffinity_np", &cpus,
       MUST(pthread_getaffinity_np(pthread_self(), sizeof(cpus), &cpus) == 0))
ACCESS("pthread_setaffinity_np", &cpus,
       MUST(pthread_setaffinity_np(pthread_self(), sizeof(cpus), &cpus) == 0))
ACCESS("pthread_getschedparam", &policy,
       MUST(pthread_getschedparam(pthread_self(), &policy, &parameters) == 0))
ACCESS("pthread_getname_np", text, MUST(pthread_getname_np(pthread_self(), text, 16) == 0))

// Users
ACCESS("getpwnam_r", &user, MUST(getpwnam_r(root, &user, buffer, sizeof(buffer), &user_got) == 0))
ACCESS("getpwnam_r", root, MUST(getpwnam_r(root, &user, buffer, sizeof(buffer), &user_got) == 0))
ACCESS("getpwuid_r", &user_got, MUST(getpwuid_r(0, &user, buffer, sizeof(buffer), &user_got) == 0))
ACCESS("getgrnam_r", &one_group,
       MUST(getgrnam_r(root, &one_group, buffer, sizeof(buffer), &group_got) == 0))
ACCESS("getgrgid_r", &one_group,
       MUST(getgrgid_r(0, &one_group, buffer, sizeof(buffer), &group_got) == 0))
ACCESS("getpwnam", getpwnam(root), getpwnam(root))
ACCESS("getpwuid", getpwuid(0), getpwuid(0))
ACCESS("getgrnam", getgrnam(root), getgrnam(root))
ACCESS("getgrgid", getgrgid(0), getgrgid(0))

// Processes
ACCESS("wait", &status, Child(); AwaitChild(wait(&status)))
ACCESS("waitpid", &status, AwaitChild(waitpid(Child(), &status, 0)))
ACCESS("wait3", &usage, Child(); AwaitChild(wait3(&status, 0, &usage)))
ACCESS("wait4", &usage, AwaitChild(wait4(Child(), &status, 0, &usage)))
ACCESS("waitid", &child, const pid_t pid = Child(); MUST(waitid(P_PID, pid, &child, WEXITED) == 0))
ACCESS("system", command, MUST(system(command) == 0))

// The environment is one variable.
ACCESS("getenv", variable, getenv(variable))
ACCESS("secure_getenv", variable, secure_getenv(variable))
ACCESS("setenv getenv", (setenv(variable, "1", 1), &status), getenv(variable))
ACCESS("unsetenv", (getenv(variable), &status), unsetenv(variable))
ACCESS("putenv", (getenv(variable), &status), putenv(assignment))
ACCESS("clearenv", (getenv(variable), &status), clearenv())

// Sets of signals
ACCESS("sigemptyset", &set, sigemptyset(&set))
ACCESS("sigfillset", &set, sigfillset(&set))
ACCESS("sigaddset", &set, sigaddset(&set, SIGUSR1))
ACCESS("sigdelset", &set, sigdelset(&set, SIGUSR1))
ACCESS("sigismember", &set, sigismember(&set, SIGUSR1))
ACCESS("sigpending", &old, MUST(sigpending(&old) == 0))
ACCESS("sigprocmask", &old, MUST(sigprocmask(SIG_BLOCK, nullptr, &old) == 0))
ACCESS("pthread_sigmask", &set, MUST(pthread_sigmask(SIG_BLOCK, &set, &old) == 0))

// Networks
ACCESS("getsockopt", &option, size = sizeof(option);
       MUST(getsockopt(sockets[0], SOL_SOCKET, SO_TYPE, &option, &size) == 0))
ACCESS("setsockopt", &option,
       MUST(setsockopt(sockets[0], SOL_SOCKET, SO_SNDBUF, &option, sizeof(option)) == 0))
ACCESS("bind", &place, const int fd = socket(AF_INET, SOCK_DGRAM, 0);
       bind(fd, reinterpret_cast<sockaddr*>(&place), sizeof(place)); close(fd))
ACCESS("inet_ntop", text, MUST(inet_ntop(AF_INET, &address, text, sizeof(text)) == text))
ACCESS("inet_ntop", &address, MUST(inet_ntop(AF_INET, &address, text, sizeof(text)) == text))
ACCESS("inet_pton", &address, MUST(inet_pton(AF_INET, loopback, &address) == 1))
ACCESS("inet_pton", loopback + 5, MUST(inet_pton(AF_INET, loopback, &address) == 1))
ACCESS("inet_aton", &address, MUST(inet_aton(loopback, &address) != 0))
ACCESS("inet_addr", loopback + 5, MUST(inet_addr(loopback) != INADDR_NONE))
ACCESS("getaddrinfo", &infos, MUST(getaddrinfo(loopback, nullptr, &hints, &infos) == 0))
ACCESS("getaddrinfo", &hints, MUST(getaddrinfo(loopback, nullptr, &hints, &infos) == 0))
ACCESS("getnameinfo", text, MUST(getnameinfo(reinterpret_cast<sockaddr*>(&place), sizeof(place), text,
                                             sizeof(text), nullptr, 0, NI_NUMERICHOST) == 0))
static char interface[] = "lo";
ACCESS("if_nametoindex", interface, if_nametoindex(interface))
ACCESS("if_indextoname", text, if (if_indextoname(1, text) == nullptr) text[0] = 1)
ACCESS("ether_aton_r", &hardware, MUST(ether_aton_r(hardware_text, &hardware) != nullptr))
ACCESS("ether_ntoa_r", text, MUST(ether_ntoa_r(&hardware, text) == text))
ACCESS("ether_line", text, MUST(ether_line(hardware_text, &hardware, text) == 0))
