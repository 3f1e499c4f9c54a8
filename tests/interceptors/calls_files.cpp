// Files by name and by number (runtime/frontend/libc/calls.def, stat.cc): the first thread has written to
// what the call reads or fills.
#include "case.h"

#include <dirent.h>
#include <fcntl.h>
#include <glob.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/statvfs.h>
#include <sys/time.h>
#include <sys/xattr.h>

extern "C" {
int mkstemp64(char*);
FILE* fopen64(const char*, const char*);
}

static char file[64], other[64], directory[64];
static char name[] = "user.case";
static char value[8] = "12";
static char got[256];
static char made[64];
static struct stat status;
static struct stat64 status64;
static struct statx status_x;
static struct statfs system_status;
static struct statfs64 system_status64;
static struct statvfs vfs_status;
static struct statvfs64 vfs_status64;
static struct dirent entry, *entry_got;
static struct dirent64 entry64, *entry64_got;
static struct dirent** list;
static struct dirent64** list64;
static glob_t found;
static glob64_t found64;
static timeval times_now[2];
static timespec specs_now[2];
static int fd;

// For names that are made and removed by every case.
static const char* Place(char* to, const char* what) {
  snprintf(to, 64, "/tmp/csan_case_%s.%d", what, getpid());
  return to;
}
__attribute__((constructor)) static void Open() {
  Place(file, "file"), Place(other, "other"), Place(directory, "directory");
  fd = open(file, O_RDWR | O_CREAT, 0600);
  MUST(fd >= 0 && mkdir(directory, 0700) == 0);
}
__attribute__((destructor)) static void Close() { unlink(file), rmdir(directory); }
static char* Template() { return strcpy(made, "/tmp/csan_case.XXXXXX"), made; }
UNSEEN static void Drop() { unlink(made), rmdir(made); }
static DIR* Entries() {
  static DIR* dir;
  if (dir == nullptr) dir = opendir("/");
  rewinddir(dir);
  return dir;
}

ACCESS("stat", &status, MUST(stat(file, &status) == 0))
ACCESS("stat", file + 5, MUST(stat(file, &status) == 0))
ACCESS("stat64", &status64, MUST(stat64(file, &status64) == 0))
ACCESS("lstat", &status, MUST(lstat(file, &status) == 0))
ACCESS("lstat64", &status64, MUST(lstat64(file, &status64) == 0))
ACCESS("fstat", &status, MUST(fstat(fd, &status) == 0))
ACCESS("fstat64", &status64, MUST(fstat64(fd, &status64) == 0))
ACCESS("fstatat", &status, MUST(fstatat(AT_FDCWD, file, &status, 0) == 0))
ACCESS("fstatat64", &status64, MUST(fstatat64(AT_FDCWD, file, &status64, 0) == 0))
ACCESS("statx", &status_x, MUST(statx(AT_FDCWD, file, 0, STATX_SIZE, &status_x) == 0))
ACCESS("statfs", &system_status, MUST(statfs(file, &system_status) == 0))
ACCESS("statfs64", &system_status64, MUST(statfs64(file, &system_status64) == 0))
ACCESS("fstatfs", &system_status, MUST(fstatfs(fd, &system_status) == 0))
ACCESS("fstatfs64", &system_status64, MUST(fstatfs64(fd, &system_status64) == 0))
ACCESS("statvfs", &vfs_status, MUST(statvfs(file, &vfs_status) == 0))
ACCESS("statvfs64", &vfs_status64, MUST(statvfs64(file, &vfs_status64) == 0))
ACCESS("fstatvfs", &vfs_status, MUST(fstatvfs(fd, &vfs_status) == 0))
ACCESS("fstatvfs64", &vfs_status64, MUST(fstatvfs64(fd, &vfs_status64) == 0))
ACCESS("access", file + 5, MUST(access(file, R_OK) == 0))
ACCESS("faccessat", file + 5, MUST(faccessat(AT_FDCWD, file, R_OK, 0) == 0))
ACCESS("open", file + 5, close(open(file, O_RDONLY)))
ACCESS("open64", file + 5, close(open64(file, O_RDONLY)))
ACCESS("openat", file + 5, close(openat(AT_FDCWD, file, O_RDONLY)))
ACCESS("openat64", file + 5, close(openat64(AT_FDCWD, file, O_RDONLY)))
ACCESS("creat", file + 5, close(creat(file, 0600)))
ACCESS("creat64", file + 5, close(creat64(file, 0600)))
ACCESS("chmod", file + 5, MUST(chmod(file, 0600) == 0))
ACCESS("chown", file + 5, MUST(chown(file, getuid(), getgid()) == 0))
ACCESS("lchown", file + 5, MUST(lchown(file, getuid(), getgid()) == 0))
ACCESS("utimes", &times_now[1], MUST(utimes(file, times_now) == 0))
ACCESS("utimensat", &specs_now[1], MUST(utimensat(AT_FDCWD, file, specs_now, 0) == 0))
ACCESS("truncate", file + 5, MUST(truncate(file, 0) == 0))
ACCESS("truncate64", file + 5, MUST(truncate64(file, 0) == 0))

// What is not there, or is there already.
ACCESS("mkdir", directory + 5, MUST(mkdir(directory, 0700) != 0))
ACCESS("mkdirat", directory + 5, MUST(mkdirat(AT_FDCWD, directory, 0700) != 0))
ACCESS("mkfifo", file + 5, MUST(mkfifo(file, 0600) != 0))
ACCESS("rmdir", other + 5, MUST(rmdir(other) != 0))
ACCESS("unlink", other + 5, MUST(unlink(other) != 0))
ACCESS("unlinkat", other + 5, MUST(unlinkat(AT_FDCWD, other, 0) != 0))
ACCESS("remove", other + 5, MUST(remove(other) != 0))
ACCESS("rename", file + 5, MUST(rename(other, file) != 0))
ACCESS("link", file + 5, MUST(link(other, file) != 0))
ACCESS("symlink", file + 5, MUST(symlink(other, file) != 0))
ACCESS("chdir", other + 5, MUST(chdir(other) != 0))

ACCESS("mkstemp", made + 16, MUST(mkstemp(Template()) >= 0); Drop())
ACCESS("mkstemp64", made + 16, MUST(mkstemp64(Template()) >= 0); Drop())
ACCESS("mkdtemp", made + 16, MUST(mkdtemp(Template()) == made); Drop())
ACCESS("opendir", directory + 5, MUST(closedir(opendir(directory)) == 0))
ACCESS("readdir", readdir(Entries()), MUST(readdir(Entries()) != nullptr))
ACCESS("readdir64", readdir64(Entries()), MUST(readdir64(Entries()) != nullptr))
ACCESS("readdir_r", &entry, MUST(readdir_r(Entries(), &entry, &entry_got) == 0))
ACCESS("readdir_r", &entry_got, MUST(readdir_r(Entries(), &entry, &entry_got) == 0))
ACCESS("readdir64_r", &entry64, MUST(readdir64_r(Entries(), &entry64, &entry64_got) == 0))
ACCESS("scandir", &list, MUST(scandir("/", &list, nullptr, nullptr) > 0))
ACCESS("scandir64", &list64, MUST(scandir64("/", &list64, nullptr, nullptr) > 0))
ACCESS("glob", &found, MUST(glob(file, 0, nullptr, &found) == 0))
ACCESS("glob64", &found64, MUST(glob64(file, 0, nullptr, &found64) == 0))
ACCESS("fopen", file + 5, MUST(fclose(fopen(file, "r")) == 0))
ACCESS("fopen64", file + 5, MUST(fclose(fopen64(file, "r")) == 0))
ACCESS("canonicalize_file_name", file + 5, free(canonicalize_file_name(file)))

// Some file systems have no such attributes; the names are read all the same.
ACCESS("getxattr", name + 2, getxattr(file, name, got, 8))
ACCESS("lgetxattr", name + 2, lgetxattr(file, name, got, 8))
ACCESS("fgetxattr", name + 2, fgetxattr(fd, name, got, 8))
ACCESS("listxattr", file + 5, listxattr(file, got, 8))
ACCESS("llistxattr", file + 5, llistxattr(file, got, 8))
ACCESS("setxattr", value, setxattr(file, name, value, 2, 0))
ACCESS("fsetxattr", value, fsetxattr(fd, name, value, 2, 0))
UNSEEN static bool HasAttributes() { return fsetxattr(fd, name, "1", 1, 0) == 0; }
ACCESS("flistxattr", got, if (HasAttributes()) flistxattr(fd, got, sizeof(got)); else got[0] = 0)
