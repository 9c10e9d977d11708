#include "thrift/rpc/dispatch.h"

#include <thrift/TApplicationException.h>
#include <thrift/protocol/TBinaryProtocol.h>
#include <thrift/transport/TBufferTransports.h>

#include <string>
#include <utility>

#include "storage/base/limits.h"
#include "thrift/idl/ReferraldAdmin.h"
#include "thrift/rpc/handler.h"

namespace referrald::rpc {
namespace {

using apache::thrift::TApplicationException;
using apache::thrift::TConfiguration;
using apache::thrift::protocol::TMessageType;
using apache::thrift::protocol::TProtocol;
using apache::thrift::protocol::TProtocolException;
using apache::thrift::transport::TMemoryBuffer;
using Binary = apache::thrift::protocol::TBinaryProtocolT<TMemoryBuffer>;

// A protocol over a frame, with every limit set: by default Thrift has none (reliability.md, E10).
// A new buffer for each frame, since one buffer's message size only ever adds up (E13).
std::shared_ptr<Binary> Decoder(std::string_view frame) {
  // No message is larger than its frame: what announces more is refused before it is allocated.
  const auto size = static_cast<int>(frame.size());
  const auto configuration = std::make_shared<TConfiguration>(size, size, limits::kRpcDepthMax);
  // OBSERVE: the buffer reads these bytes and never writes to them.
  auto* const bytes = reinterpret_cast<uint8_t*>(const_cast<char*>(frame.data()));
  const auto buffer = std::make_shared<TMemoryBuffer>(bytes, static_cast<uint32_t>(frame.size()),
                                                      TMemoryBuffer::OBSERVE, configuration);
  return std::make_shared<Binary>(buffer, static_cast<int32_t>(limits::kRpcStringBytesMax),
                                  static_cast<int32_t>(limits::kRpcContainerElementsMax),
                                  /*strict_read=*/true, /*strict_write=*/true);
}

// The answer's buffer and its protocol.
struct Encoder {
  std::shared_ptr<TMemoryBuffer> buffer = std::make_shared<TMemoryBuffer>();
  std::shared_ptr<Binary> protocol = std::make_shared<Binary>(buffer);
};

// What the caller has to be told about a call that cannot be decoded; nothing of its content.
std::string Explain(const std::exception& failure) {
  const auto* const protocol = dynamic_cast<const TProtocolException*>(&failure);
  if (protocol == nullptr) return "the call ends early, or announces more than it holds";
  if (protocol->getType() == TProtocolException::SIZE_LIMIT) {
    return "a text is over " + std::to_string(limits::kRpcStringBytesMax) +
           " bytes, or a list over " + std::to_string(limits::kRpcContainerElementsMax) +
           " elements";
  }
  if (protocol->getType() == TProtocolException::DEPTH_LIMIT) {
    return "structs are nested deeper than " + std::to_string(limits::kRpcDepthMax);
  }
  return "the call is not well-formed Thrift";
}

struct CallHeader {
  std::string method;
  TMessageType type = apache::thrift::protocol::T_CALL;
  int32_t sequence = 0;
};

CallHeader ReadHeader(std::string_view frame) {
  CallHeader header;
  Decoder(frame)->readMessageBegin(header.method, header.type, header.sequence);
  return header;
}

void WriteFailure(TProtocol& out, const CallHeader& call, const TApplicationException& failure) {
  out.writeMessageBegin(call.method, apache::thrift::protocol::T_EXCEPTION, call.sequence);
  failure.write(&out);
  out.writeMessageEnd();
  out.getTransport()->writeEnd();
  out.getTransport()->flush();
}

// Says to callers on TCP why an administrator's method is missing.
class PublicProcessor : public idl::ReferraldProcessor {
 public:
  using idl::ReferraldProcessor::ReferraldProcessor;

 protected:
  bool dispatchCall(TProtocol* in, TProtocol* out, const std::string& method, int32_t sequence,
                    void* context) override {
    if (!IsAdministration(method)) {
      return idl::ReferraldProcessor::dispatchCall(in, out, method, sequence, context);
    }
    WriteFailure(*out, {.method = method, .sequence = sequence},
                 TApplicationException(TApplicationException::UNKNOWN_METHOD,
                                       "RFD5003: " + method +
                                           " is administration and answered on the unix socket "
                                           "only"));
    return true;
  }
};

class ThriftConversation final : public Conversation {
 public:
  ThriftConversation(const Services& services, const Caller& caller)
      : handler_(std::make_shared<Handler>(services, caller)) {
    if (caller.local) {
      processor_ = std::make_unique<idl::ReferraldAdminProcessor>(handler_);
    } else {
      processor_ = std::make_unique<PublicProcessor>(handler_);
    }
  }

  Reply Answer(const Request& request) override {
    try {
      const CallHeader call = ReadHeader(request.frame);
      // A header must not be a place to hide bytes in: it is repeated in the answer.
      if (call.method.size() > kMethodBytesMax)
        return Hopeless("the name of the method is too long");
      return AnswerCall(call, request);
    } catch (const std::exception&) {
      return Hopeless("a call without a readable header");
    }
  }

 private:
  static constexpr size_t kMethodBytesMax = 128;

  static Reply Hopeless(std::string why) {
    return {.frame = {}, .close = true, .refusal = std::move(why)};
  }

  // Everything that goes wrong after the header is answered to the caller, who is waiting.
  Reply AnswerCall(const CallHeader& call, const Request& request) {
    try {
      return Process(request);
    } catch (const std::exception& failure) {
      const std::string why = Explain(failure);
      Encoder answer;
      WriteFailure(*answer.protocol, call,
                   TApplicationException(TApplicationException::PROTOCOL_ERROR, why));
      return {.frame = answer.buffer->getBufferAsString(), .close = true, .refusal = why};
    }
  }

  Reply Process(const Request& request) {
    handler_->Begin(request);
    Encoder answer;
    if (!processor_->process(Decoder(request.frame), answer.protocol, nullptr)) {
      return Hopeless("a message that is not a call");
    }
    Reply reply{.frame = answer.buffer->getBufferAsString(), .close = false, .refusal = {}};
    if (reply.frame.size() <= limits::kRpcAnswerBytesMax) return reply;
    return TooLarge(ReadHeader(request.frame), reply.frame.size());
  }

  static Reply TooLarge(const CallHeader& call, size_t size) {
    Encoder answer;
    WriteFailure(*answer.protocol, call,
                 TApplicationException(TApplicationException::INTERNAL_ERROR,
                                       "the answer is " + std::to_string(size) + " bytes, limit " +
                                           std::to_string(limits::kRpcAnswerBytesMax) +
                                           ": ask for less at a time"));
    return {.frame = answer.buffer->getBufferAsString(), .close = false, .refusal = {}};
  }

  const std::shared_ptr<Handler> handler_;
  std::unique_ptr<apache::thrift::TProcessor> processor_;
};

}  // namespace

std::unique_ptr<Conversation> MakeConversation(const Services& services, const Caller& caller) {
  return std::make_unique<ThriftConversation>(services, caller);
}

}  // namespace referrald::rpc
