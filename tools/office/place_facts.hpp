#pragma once
#include <chrono>
#include <string>

namespace riverlight::office {

/// What an airing is filed under: facts of its place.
struct PlaceFacts {
    std::string country;  ///< ISO 3166-1 alpha-2; empty: the channel does not list the place (yet)
    std::string zone = "UTC";
    std::chrono::minutes day_start{0};  ///< local time at which the place's broadcast day begins
};

}  // namespace riverlight::office
