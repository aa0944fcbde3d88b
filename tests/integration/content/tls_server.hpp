#pragma once
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <boost/asio.hpp>
#include <boost/asio/ssl.hpp>
#include <memory>
#include <string>
#include <thread>

/// A web server over TLS on loopback with a certificate for a given time.
namespace riverlight::test {

struct SelfSigned {
    std::string key, certificate;  ///< PEM
};

/// For `localhost`, its own authority, valid from `from` to `until` seconds from now.
inline SelfSigned self_signed(long from, long until) {
    const std::unique_ptr<EVP_PKEY, void (*)(EVP_PKEY*)> key(EVP_EC_gen("P-256"), EVP_PKEY_free);
    const std::unique_ptr<X509, void (*)(X509*)> made(X509_new(), X509_free);
    ASN1_INTEGER_set(X509_get_serialNumber(made.get()), 1);
    X509_set_version(made.get(), 2);
    X509_gmtime_adj(X509_getm_notBefore(made.get()), from);
    X509_gmtime_adj(X509_getm_notAfter(made.get()), until);
    X509_set_pubkey(made.get(), key.get());
    auto* name = X509_get_subject_name(made.get());
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>("localhost"),
                               -1, -1, 0);
    X509_set_issuer_name(made.get(), name);
    for (const auto& [nid, value] :
         {std::pair{NID_subject_alt_name, "DNS:localhost"}, std::pair{NID_basic_constraints, "CA:TRUE"}}) {
        const std::unique_ptr<X509_EXTENSION, void (*)(X509_EXTENSION*)> extension(
            X509V3_EXT_conf_nid(nullptr, nullptr, nid, value), X509_EXTENSION_free);
        X509_add_ext(made.get(), extension.get(), -1);
    }
    X509_sign(made.get(), key.get(), EVP_sha256());
    const auto text = [](const auto& write) {
        const std::unique_ptr<BIO, int (*)(BIO*)> bio(BIO_new(BIO_s_mem()), BIO_free);
        write(bio.get());
        char* data = nullptr;
        const auto size = BIO_get_mem_data(bio.get(), &data);
        return std::string(data, static_cast<std::size_t>(size));
    };
    return {text([&](BIO* bio) {
                PEM_write_bio_PrivateKey(bio, key.get(), nullptr, nullptr, 0, nullptr, nullptr);
            }),
            text([&](BIO* bio) { PEM_write_bio_X509(bio, made.get()); })};
}

/// Answers every request with `body`.
class TlsServer {
  public:
    TlsServer(const SelfSigned& self, std::string body) : body_(std::move(body)) {
        context_.use_certificate(boost::asio::buffer(self.certificate), boost::asio::ssl::context::pem);
        context_.use_private_key(boost::asio::buffer(self.key), boost::asio::ssl::context::pem);
        thread_ = std::thread([this] { serve(); });
    }
    ~TlsServer() {
        stopping_ = true;
        boost::system::error_code ec;
        boost::asio::ip::tcp::socket knock(loop_);
        knock.connect(acceptor_.local_endpoint(), ec);
        thread_.join();
    }
    [[nodiscard]] std::string url() const { return "https://localhost:" + std::to_string(port()); }
    [[nodiscard]] std::uint16_t port() const { return acceptor_.local_endpoint().port(); }
    std::atomic<int> asked = 0;

  private:
    void serve() {
        namespace asio = boost::asio;
        while (true) {
            boost::system::error_code ec;
            asio::ssl::stream<asio::ip::tcp::socket> stream(loop_, context_);
            acceptor_.accept(stream.next_layer(), ec);
            if (ec || stopping_) return;
            stream.handshake(asio::ssl::stream_base::server, ec);
            if (ec) continue;
            asio::streambuf head;
            asio::read_until(stream, head, "\r\n\r\n", ec);
            if (ec) continue;
            ++asked;
            asio::write(stream,
                        asio::buffer("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: " +
                                     std::to_string(body_.size()) + "\r\n\r\n" + body_),
                        ec);
            stream.shutdown(ec);
        }
    }

    std::string body_;
    boost::asio::io_context loop_;
    boost::asio::ip::tcp::acceptor acceptor_{loop_, {boost::asio::ip::address_v4::loopback(), 0}};
    boost::asio::ssl::context context_{boost::asio::ssl::context::tls_server};
    std::atomic<bool> stopping_ = false;
    std::thread thread_;
};

}  // namespace riverlight::test
