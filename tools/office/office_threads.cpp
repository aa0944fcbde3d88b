#include "tools/office/office_threads.hpp"

#include <cassert>

namespace riverlight::office {

WorkQueue& OfficeThreads::of(Queue queue) {
    switch (queue) {
        case Queue::pages:
            return pages;
        case Queue::figures:
            return figures;
        case Queue::boards:
            return boards;
        case Queue::passwords:
            return passwords;
    }
    assert(false);
    return pages;
}

void OfficeThreads::stop() {
    for (auto* queue : {&pages, &figures, &boards, &passwords, &exports, &planning, &writing}) queue->stop();
}

}  // namespace riverlight::office
