#pragma once
#include <string>

#include "tools/office/reception.hpp"

namespace riverlight::office {

/// Takes what boards send and writes it at once, on one thread: for what comes on a stick.
class Intake {
  public:
    Intake(OfficeStore& store, const SigningKey& office_key,
           std::function<PlaceFacts(const std::string& place)> facts);

    /// As Reception says of each.
    [[nodiscard]] http::Response enrol(const http::Request& request, Instant now);
    [[nodiscard]] http::Response health(const http::Request& request, const std::string& board, Instant now);
    [[nodiscard]] http::Response airings(const http::Request& request, const std::string& board,
                                         const std::string& epoch, const std::string& range, Instant now);

  private:
    [[nodiscard]] http::Response write(const BoardAnswer& answer);

    OfficeStore& store_;
    Reception reception_;
};

}  // namespace riverlight::office
