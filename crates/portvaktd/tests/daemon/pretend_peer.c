/*
 * A test double: who is at the other end of a Unix socket, where the tests may not become other users. Loaded by LD_PRELOAD
 * into the daemon that a test starts (pretend.rs), and part of no build of the product.
 *
 * The kernel is asked first. Then a peer whose own address is the abstract name "portvakt-test-peer/UID/…" is given that
 * number, and every other peer the one in PORTVAKT_TEST_PEER.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

typedef int getsockopt_fn(int, int, int, void *, socklen_t *);

static const char NAMED[] = "portvakt-test-peer/";
static const size_t NAMED_LEN = sizeof NAMED - 1;

/* The number in the peer's address or, if there is none, that of the environment. */
static uid_t pretended(int peer)
{
    /* One octet more than is ever filled in: the name ends in a NUL. An abstract name begins with one, too. */
    struct { struct sockaddr_un address; char end; } own = { 0 };
    socklen_t len = sizeof own.address;
    const char *name = own.address.sun_path + 1;
    if (getpeername(peer, (struct sockaddr *)&own.address, &len) == 0 && strncmp(name, NAMED, NAMED_LEN) == 0)
        return strtoul(name + NAMED_LEN, NULL, 10);
    const char *otherwise = getenv("PORTVAKT_TEST_PEER");
    if (otherwise == NULL)
        abort();
    return strtoul(otherwise, NULL, 10);
}

int getsockopt(int fd, int level, int option, void *value, socklen_t *len)
{
    getsockopt_fn *kernels = (getsockopt_fn *)dlsym(RTLD_NEXT, "getsockopt");
    int outcome = kernels(fd, level, option, value, len);
    if (outcome == 0 && level == SOL_SOCKET && option == SO_PEERCRED)
        ((struct ucred *)value)->uid = pretended(fd);
    return outcome;
}
