#include "tools/office/intake.hpp"

#include <utility>

namespace riverlight::office {

Intake::Intake(OfficeStore& store, const SigningKey& office_key,
               std::function<PlaceFacts(const std::string&)> facts)
    : store_(store),
      reception_(office_key, [facts = std::move(facts)](const OfficeStore&, const std::string& place) {
          return facts(place);
      }) {}

http::Response Intake::write(const BoardAnswer& answer) {
    if (const auto* refusal = std::get_if<http::Response>(&answer)) return *refusal;
    const auto& checked = std::get<BoardWrite>(answer);
    store_.change([&] { checked.write(store_); });
    return checked.answer();
}

http::Response Intake::enrol(const http::Request& request, Instant now) {
    return write(reception_.enrol(store_, request, now));
}

http::Response Intake::health(const http::Request& request, const std::string& board, Instant now) {
    return write(reception_.health(store_, request, board, now));
}

http::Response Intake::airings(const http::Request& request, const std::string& board,
                               const std::string& epoch, const std::string& range, Instant now) {
    return write(reception_.airings(store_, request, {board, epoch, range}, now));
}

}  // namespace riverlight::office
