#include "firmware/stick/monitor.hpp"

#include "firmware/stick/import_lock.hpp"

namespace riverlight::firmware {

void StickMonitor::poll(MonotonicTime now) {
    const auto note = read_stick_note(folder_);
    watch_.observe(note, now);
    shown_ = timer_.update(watch_.report(note, is_import_running(folder_), now), now);
}

ScreenNotice StickMonitor::screen_notice(const std::vector<std::string>& languages) const {
    return shown_ ? screen_notice_for(*shown_, languages) : ScreenNotice{};
}

std::optional<StickNote> StickMonitor::status(MonotonicTime now) const {
    return watch_.report(read_stick_note(folder_), is_import_running(folder_), now);
}

}  // namespace riverlight::firmware
