// A client of the test service on Go's gRPC library. Prints one line per check, and fails with the
// first check that does.
package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"sync"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/encoding"
	_ "google.golang.org/grpc/encoding/gzip"
	"google.golang.org/grpc/keepalive"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
)

// Messages are bytes, and stay as they are.
type rawCodec struct{}

func (rawCodec) Marshal(v interface{}) ([]byte, error) { return *(v.(*[]byte)), nil }
func (rawCodec) Unmarshal(data []byte, v interface{}) error {
	*(v.(*[]byte)) = append([]byte{}, data...)
	return nil
}
func (rawCodec) Name() string { return "raw" }

var conn *grpc.ClientConn

func unary(ctx context.Context, method string, request []byte, opts ...grpc.CallOption) ([]byte, error) {
	var answer []byte
	err := conn.Invoke(ctx, "/test.Echo/"+method, &request, &answer, opts...)
	return answer, err
}

func stream(ctx context.Context, method string) grpc.ClientStream {
	desc := &grpc.StreamDesc{ServerStreams: true, ClientStreams: true}
	s, err := conn.NewStream(ctx, desc, "/test.Echo/"+method)
	must(err)
	return s
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}

func want(ok bool, format string, args ...interface{}) {
	if !ok {
		panic(fmt.Sprintf(format, args...))
	}
}

func check(name string, run func(ctx context.Context)) {
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	defer func() {
		if problem := recover(); problem != nil {
			fmt.Printf("FAILED %s: %v\n", name, problem)
			os.Exit(1)
		}
	}()
	run(ctx)
	fmt.Println("ok", name)
}

func main() {
	encoding.RegisterCodec(rawCodec{})
	var err error
	conn, err = grpc.Dial(os.Args[1], grpc.WithInsecure(), grpc.WithBlock(),
		grpc.WithDefaultCallOptions(grpc.CallContentSubtype("raw"), grpc.MaxCallRecvMsgSize(1<<30)),
		grpc.WithKeepaliveParams(keepalive.ClientParameters{Time: 10 * time.Second, PermitWithoutStream: true}))
	must(err)

	check("unary of many sizes", func(ctx context.Context) {
		for _, method := range []string{"Now", "Later"} {
			for _, size := range []int{0, 1, 100, 16379, 16380, 65535, 70000, 3000000} {
				request := bytes.Repeat([]byte("q"), size)
				answer, err := unary(ctx, method, request)
				must(err)
				want(bytes.Equal(answer, request), "%s of %d bytes came back as %d", method, size, len(answer))
			}
		}
	})
	check("two thousand calls at once", func(ctx context.Context) {
		var group sync.WaitGroup
		for i := 0; i < 2000; i++ {
			group.Add(1)
			go func(i int) {
				defer group.Done()
				request := []byte(fmt.Sprint(i))
				answer, err := unary(ctx, "Later", request)
				if err != nil || !bytes.Equal(answer, request) {
					fmt.Printf("FAILED call %d: %s %v\n", i, answer, err)
					os.Exit(1)
				}
			}(i)
		}
		group.Wait()
	})
	check("status, message and trailers", func(ctx context.Context) {
		var trailer metadata.MD
		for code := 1; code <= 16; code++ {
			_, err := unary(ctx, "Fail", []byte(fmt.Sprint(code)), grpc.Trailer(&trailer))
			want(status.Code(err) == codes.Code(code), "code %v", err)
			want(status.Convert(err).Message() == "it failed: 100 % größer\n…", "message %q", status.Convert(err).Message())
			want(trailer.Get("x-reason")[0] == "because", "trailer %v", trailer)
			want(trailer.Get("x-detail-bin")[0] == "\x00\x01\xff", "binary trailer %v", trailer)
		}
	})
	check("unknown method", func(ctx context.Context) {
		_, err := unary(ctx, "None", nil)
		want(status.Code(err) == codes.Unimplemented, "%v", err)
		want(status.Convert(err).Message() == "unknown method None for service test.Echo", "%v", err)
	})
	check("request over the limit", func(ctx context.Context) {
		_, err := unary(ctx, "Now", make([]byte, 4<<20+1))
		want(status.Code(err) == codes.ResourceExhausted, "%v", err)
		want(status.Convert(err).Message() == "grpc: received message larger than max (4194305 vs. 4194304)", "%v", err)
	})
	check("deadline", func(ctx context.Context) {
		short, cancel := context.WithTimeout(ctx, 50*time.Millisecond)
		defer cancel()
		_, err := unary(short, "Never", nil)
		want(status.Code(err) == codes.DeadlineExceeded, "%v", err)
	})
	check("cancellation", func(ctx context.Context) {
		cancelled, cancel := context.WithCancel(ctx)
		time.AfterFunc(20*time.Millisecond, cancel)
		_, err := unary(cancelled, "Never", nil)
		want(status.Code(err) == codes.Canceled, "%v", err)
	})
	check("gzip", func(ctx context.Context) {
		request := bytes.Repeat([]byte("compress me "), 10000)
		answer, err := unary(ctx, "Now", request, grpc.UseCompressor("gzip"))
		must(err)
		want(bytes.Equal(answer, request), "%d bytes came back", len(answer))
	})
	check("an answer of 20 MB", func(ctx context.Context) {
		answer, err := unary(ctx, "Large", []byte("20000000"))
		must(err)
		want(len(answer) == 20000000, "%d bytes", len(answer))
	})
	check("both ways at once", func(ctx context.Context) {
		s := stream(ctx, "Both")
		for i := 0; i < 500; i++ {
			request := []byte(fmt.Sprint(i))
			must(s.SendMsg(&request))
			var answer []byte
			must(s.RecvMsg(&answer))
			want(bytes.Equal(answer, request), "%s for %s", answer, request)
		}
		must(s.CloseSend())
		var answer []byte
		want(s.RecvMsg(&answer) == io.EOF, "no end")
	})
	check("many messages, read slowly", func(ctx context.Context) {
		s := stream(ctx, "Count")
		request := []byte("400 50000")
		must(s.SendMsg(&request))
		must(s.CloseSend())
		for i := 0; i < 400; i++ {
			var answer []byte
			must(s.RecvMsg(&answer))
			want(len(answer) == 50000, "%d bytes", len(answer))
			if i%100 == 0 {
				time.Sleep(10 * time.Millisecond)
			}
		}
		var answer []byte
		want(s.RecvMsg(&answer) == io.EOF, "no end")
	})
	check("many messages from us", func(ctx context.Context) {
		s := stream(ctx, "Sum")
		for i := 0; i < 1000; i++ {
			request := make([]byte, 10000)
			must(s.SendMsg(&request))
		}
		must(s.CloseSend())
		var answer []byte
		must(s.RecvMsg(&answer))
		want(string(answer) == "1000 10000000", "%s", answer)
	})
	check("a stream that fails after a message", func(ctx context.Context) {
		s := stream(ctx, "FailAfterOne")
		request := []byte("first")
		must(s.SendMsg(&request))
		var answer []byte
		must(s.RecvMsg(&answer))
		want(string(answer) == "first", "%s", answer)
		err := s.RecvMsg(&answer)
		want(status.Code(err) == codes.Aborted && status.Convert(err).Message() == "enough", "%v", err)
	})
	fmt.Println("done")
}
