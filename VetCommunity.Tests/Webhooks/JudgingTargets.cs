using System.Net;
using VetCommunity.Core;
using VetCommunity.Core.Webhooks;
using Xunit;

namespace VetCommunity.Tests.Webhooks;

[Promise("IN4")]
public class JudgingTargets
{
    [Theory]
    [InlineData("93.184.215.14")]
    [InlineData("8.8.8.8")]
    [InlineData("172.32.0.1")]
    [InlineData("100.128.0.1")]
    [InlineData("2a00:1450:4001:80e::200e")]
    public void The_public_network_is_called(string address) => Assert.True(TargetAddress.IsPublic(IPAddress.Parse(address)));

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("127.8.8.8")]
    [InlineData("0.0.0.0")]
    [InlineData("10.1.2.3")]
    [InlineData("172.16.0.1")]
    [InlineData("172.31.255.255")]
    [InlineData("192.168.1.1")]
    [InlineData("169.254.169.254")]
    [InlineData("100.64.0.1")]
    [InlineData("100.127.255.255")]
    [InlineData("192.0.0.192")]
    [InlineData("198.18.0.1")]
    [InlineData("224.0.0.1")]
    [InlineData("239.255.255.250")]
    [InlineData("255.255.255.255")]
    [InlineData("::")]
    [InlineData("::1")]
    [InlineData("::ffff:127.0.0.1")]
    [InlineData("::ffff:8.8.8.8")]
    [InlineData("::127.0.0.1")]
    [InlineData("64:ff9b::7f00:1")]
    [InlineData("64:ff9b:1::a00:1")]
    [InlineData("2002:7f00:1::")]
    [InlineData("2001::1")]
    [InlineData("2001:db8::1")]
    [InlineData("fd00:ec2::254")]
    [InlineData("fc00::1")]
    [InlineData("fe80::1")]
    [InlineData("fec0::1")]
    [InlineData("ff02::1")]
    public void Whatever_could_be_inside_is_not(string address) => Assert.False(TargetAddress.IsPublic(IPAddress.Parse(address)));

    [Theory]
    [InlineData("https://example.org/hook?key=1", "https://example.org/hook?key=1")]
    [InlineData("  https://Example.org:8443#here ", "https://example.org:8443/")]
    [InlineData("http://crm.internal/hook", "http://crm.internal/hook")]
    [InlineData("https://10.0.0.9/", "https://10.0.0.9/")]
    public void An_address_is_kept_as_it_will_be_called(string typed, string kept) => Assert.Equal(kept, new TargetAddress(["crm.internal", "10.0.0.9"]).Checked(typed));

    [Theory]
    [InlineData(null, Refusal.BadWebhookTarget)]
    [InlineData("", Refusal.BadWebhookTarget)]
    [InlineData("example.org", Refusal.BadWebhookTarget)]
    [InlineData("/hook", Refusal.BadWebhookTarget)]
    [InlineData("http://example.org/", Refusal.BadWebhookTarget)]
    [InlineData("ftp://example.org/", Refusal.BadWebhookTarget)]
    [InlineData("file:///etc/passwd", Refusal.BadWebhookTarget)]
    [InlineData("https://anna:secret@example.org/", Refusal.BadWebhookTarget)]
    [InlineData("https://127.0.0.1/", Refusal.WebhookTargetInside)]
    [InlineData("https://2130706433/", Refusal.WebhookTargetInside)]
    [InlineData("https://0x7f.1/", Refusal.WebhookTargetInside)]
    [InlineData("https://[::1]/", Refusal.WebhookTargetInside)]
    [InlineData("https://[::ffff:10.0.0.1]/", Refusal.WebhookTargetInside)]
    [InlineData("https://169.254.169.254/latest/meta-data/", Refusal.WebhookTargetInside)]
    public void Whatever_else_is_refused_with_a_reason(string? typed, Refusal why) =>
        Assert.Equal(why, Assert.Throws<RefusedException>(() => new TargetAddress(["crm.internal"]).Checked(typed)).Refusal);

    [Fact]
    public void Too_long_an_address_is_refused() =>
        Assert.Equal(Refusal.BadWebhookTarget, Assert.Throws<RefusedException>(() => new TargetAddress([]).Checked("https://example.org/" + new string('a', 500))).Refusal);

    [Fact]
    public void Of_several_addresses_only_the_public_ones_are_called_unless_the_host_is_our_own()
    {
        IPAddress[] found = [IPAddress.Parse("10.0.0.1"), IPAddress.Parse("8.8.8.8")];

        Assert.Equal(["8.8.8.8"], new TargetAddress(["crm.internal"]).MayCall("evil.example", found).Select(one => one.ToString()));
        Assert.Equal(found, new TargetAddress(["crm.internal"]).MayCall("CRM.internal", found));
    }
}
