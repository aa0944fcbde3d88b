#include "content/base/priority.hpp"

#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>

namespace riverlight {

void give_way_to_players() {
    const int nice = ::getpriority(PRIO_PROCESS, static_cast<id_t>(::getpid())) + 10;
    static_cast<void>(::setpriority(PRIO_PROCESS, 0, std::min(nice, 19)));  // 0: this thread
}

void work_in_idle_time() {
    // Not SCHED_IDLE: on a busy machine such a thread cannot even end for seconds, and its process with it.
    constexpr int nice = 19;
    static_cast<void>(::setpriority(PRIO_PROCESS, 0, nice));
    constexpr int who_process = 1, class_idle = 3 << 13;  // linux/ioprio.h; 0: this thread
    static_cast<void>(::syscall(SYS_ioprio_set, who_process, 0, class_idle));
}

}  // namespace riverlight
