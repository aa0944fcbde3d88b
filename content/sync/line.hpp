#pragma once
#include <curl/curl.h>

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "content/sync/fetch.hpp"

/// One libcurl handle and what HTTP said on it, or a folder: the only file that knows libcurl.
namespace riverlight::content {

/// What a server answers, as far as it matters here.
struct Answer {
    long status = 0;   ///< of a folder (file://) 200, 206 or 404
    std::string etag;  ///< with quotes; empty if none, or a weak one
    std::string type;
    std::optional<std::uint64_t> range_start, range_total;  ///< of Content-Range
};

/// Takes a piece of the body of an answer; false stops the transfer.
using TakeBody = std::function<bool(const Answer& answer, std::string_view piece)>;

struct Ask {
    std::string url;
    std::uint64_t from = 0;  ///< > 0: only what lies from there on
    std::string if_range{};  ///< the ETag that must still hold for that
    int seconds = 0;         ///< for the whole transfer; 0: as long as it moves
    bool packed = false;     ///< the server may pack it (gzip); `take` gets it unpacked
};

class Line {
  public:
    explicit Line(const FetchOptions& options);

    enum class Ending { whole, stopped, broken };
    struct Outcome {
        Ending ending = Ending::whole;  ///< stopped: by `take`; broken: by the line
        Answer answer;
        std::string why;  ///< the library's words where broken
        bool slow = false;
    };
    /// One transfer, redirects followed on the same host. Only bodies of 200 and 206 reach `take`. Throws
    /// LineFault for a redirect elsewhere and a web page; everything else is in the outcome.
    Outcome run(Ask ask, const TakeBody& take);
    [[nodiscard]] std::uint64_t crossed() const { return crossed_; }

  private:
    struct Close {
        void operator()(CURL* easy) const { curl_easy_cleanup(easy); }
    };
    struct FreeList {
        void operator()(curl_slist* list) const { curl_slist_free_all(list); }
    };
    struct Transfer;

    template <class Value>
    void set(CURLoption option, Value value);
    void prepare(const Ask& ask, Transfer& transfer);
    void prepare_way();
    void prepare_part(const Ask& ask);
    void count(Transfer& transfer);
    Outcome once(const Ask& ask, const TakeBody& take);
    Outcome local(const Ask& ask, const TakeBody& take);
    [[nodiscard]] std::string redirected(const std::string& from) const;
    static std::size_t on_body(const char* data, std::size_t, std::size_t count, void* transfer);
    static std::size_t on_header(const char* data, std::size_t, std::size_t count, void* transfer);

    static CURLcode on_tls(CURL* easy, void* context, void* line);

    const FetchOptions options_;
    std::unique_ptr<CURL, Close> easy_;
    std::unique_ptr<curl_slist, FreeList> headers_;
    std::array<char, CURL_ERROR_SIZE> words_{};
    std::uint64_t crossed_ = 0;
};

}  // namespace riverlight::content
