#include "content/base/priority.hpp"

#include <sched.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace riverlight {

void give_way_to_players() {
    constexpr int nice = 10;
    static_cast<void>(::setpriority(PRIO_PROCESS, 0, nice));  // 0: this thread
}

void work_in_idle_time() {
    const sched_param none{};
    static_cast<void>(::sched_setscheduler(0, SCHED_IDLE, &none));
    constexpr int who_process = 1, class_idle = 3 << 13;  // linux/ioprio.h; 0: this thread
    static_cast<void>(::syscall(SYS_ioprio_set, who_process, 0, class_idle));
}

}  // namespace riverlight
