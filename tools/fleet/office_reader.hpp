#pragma once
#include <boost/json/value.hpp>
#include <memory>
#include <string>

namespace riverlight::fleet {

/// Reads the office's figures as a person's program does: it signs in, and gets JSON and CSV. For one thread.
class OfficeReader {
  public:
    OfficeReader(std::string url, std::string user, std::string password);
    ~OfficeReader();
    /// The body of a 200. Signs in first, and again once the session is over. Throws Error for every other
    /// answer.
    [[nodiscard]] std::string get(const std::string& path_and_query);
    [[nodiscard]] boost::json::value get_json(const std::string& path_and_query);

  private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace riverlight::fleet
