#include "firmware/stick/watch.hpp"

namespace riverlight::firmware {

using State = StickNote::State;

void StickWatch::observe(const std::optional<StickNote>& note, MonotonicTime now) {
    if (!note || note->state != State::reading)
        last_.reset();
    else if (!last_ || last_->message != note->message)
        last_ = {note->message, now};
}

std::optional<StickNote> StickWatch::report(std::optional<StickNote> note, bool importing,
                                            MonotonicTime now) const {
    if (!note || note->state != State::reading) return note;
    if (!importing) {
        note->state = State::failed;
        note->message = import_ended_early;
        return note;
    }
    if (!last_ || last_->message != note->message || now - last_->since < patience) return note;
    const auto silent = std::chrono::floor<std::chrono::minutes>(now - last_->since);
    note->message += " But there has been no progress for " + std::to_string(silent.count()) +
                     " minutes. Pull the stick out, and try it again or use another one; what the board has "
                     "plays on.";
    return note;
}

std::string_view explain_unit_result(std::string_view service_result, std::string_view exit_status,
                                     bool reading) {
    if (service_result == "success") return {};
    if (reading) return import_ended_early;
    // Status 1: the importer has written what was wrong. mount(8) and signals have other statuses.
    const bool explained = service_result == "exit-code" && exit_status == "1";
    return explained ? std::string_view{} : stick_not_opened;
}

}  // namespace riverlight::firmware
