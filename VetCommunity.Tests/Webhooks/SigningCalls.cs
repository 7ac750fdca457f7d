using System.Text;
using VetCommunity.Core.Webhooks;
using Xunit;

namespace VetCommunity.Tests.Webhooks;

public class SigningCalls
{
    // The example that the libraries of Standard Webhooks check themselves by.
    const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    const string Id = "msg_p5jXN8AQM9LWM0D4loKWxJek";
    const string Good = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
    static readonly DateTimeOffset At = DateTimeOffset.FromUnixTimeSeconds(1614265330);
    static readonly byte[] Body = Encoding.UTF8.GetBytes("""{"test": 2432232314}""");

    [Fact]
    public void A_signature_is_what_the_standard_says() => Assert.Equal(Good, Signatures.Of(Secret, Id, At, Body));

    [Theory]
    [InlineData(Good, 0, true)]
    [InlineData(Good, 300, true)]
    [InlineData(Good, -300, true)]
    [InlineData(Good, 301, false)]
    [InlineData(Good, -301, false)]
    [InlineData("v1,AAAA " + Good, 0, true)]
    [InlineData("v1a,AAAA v2,BBBB " + Good, 0, true)]
    [InlineData("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OA=", 0, false)]
    [InlineData("g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=", 0, false)]
    [InlineData("v1,", 0, false)]
    [InlineData("v1,no base64!", 0, false)]
    [InlineData("", 0, false)]
    [InlineData(null, 0, false)]
    public void A_call_is_believed_with_a_right_signature_of_these_minutes(string? signature, int secondsLater, bool believed) =>
        Assert.Equal(believed, Signatures.IsGood(Secret, new(Id, "1614265330", signature, Body), At.AddSeconds(secondsLater)));

    [Fact]
    public void What_was_not_signed_is_not_believed()
    {
        Assert.False(Signatures.IsGood(Secret, new("msg_other", "1614265330", Good, Body), At));
        Assert.False(Signatures.IsGood(Secret, new(Id, "1614265331", Good, Body), At));
        Assert.False(Signatures.IsGood(Secret, new(Id, "1614265330", Good, "{}"u8.ToArray()), At));
        Assert.False(Signatures.IsGood(Signatures.NewSecret(), new(Id, "1614265330", Good, Body), At));
        Assert.False(Signatures.IsGood(Secret, new(null, "1614265330", Good, Body), At));
        Assert.False(Signatures.IsGood(Secret, new(Id, null, Good, Body), At));
        Assert.False(Signatures.IsGood(Secret, new(Id, "-9223372036854775808", Good, Body), At));
        Assert.False(Signatures.IsGood(Secret, new(Id, "9223372036854775807", Good, Body), At));
    }
}
