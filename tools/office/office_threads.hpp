#pragma once
#include "tools/office/router.hpp"
#include "tools/office/work_queue.hpp"

namespace riverlight::office {

/// The office's threads. README.md, "Who may touch what", says what each does.
struct OfficeThreads {
    WorkQueue writing{"writing", 1, 1};  ///< the writer's, which bounds itself
    WorkQueue pages{"pages", 4, 200};
    WorkQueue figures{"figures", 1, 50};
    WorkQueue boards{"boards", 2, 1000};
    WorkQueue passwords{"passwords", 2, 20};
    WorkQueue exports{"exports", 2, 1};  ///< a piece at a time for each export that is sent
    WorkQueue planning{"planning", 1, 1000};

    [[nodiscard]] WorkQueue& of(Queue queue);
    /// Ends them. That which writes is the last, since others wait for it.
    void stop();
};

}  // namespace riverlight::office
