using System.Net;
using System.Net.Http.Headers;
using System.Text.RegularExpressions;
using SkiaSharp;
using VetCommunity.Tests.Running;
using Xunit;

namespace VetCommunity.Tests.Members;

public partial class SendingTheProfileForm(RunningCommunity community) : IClassFixture<RunningCommunity>
{
    [Fact]
    public async Task A_refused_form_comes_back_with_what_was_typed_and_a_good_one_is_kept()
    {
        using var http = await community.LogInAsync("member4@demo.example");
        var page = await http.GetStringAsync("/Account/Profile");

        using var refused = await http.PostAsync("/Account/Profile", Form(page, "no handle!", "Typed biography"));
        var again = WebUtility.HtmlDecode(await refused.Content.ReadAsStringAsync());

        Assert.Equal(HttpStatusCode.OK, refused.StatusCode);
        Assert.Contains("value=\"no handle!\"", again, StringComparison.Ordinal);
        Assert.Contains("Typed biography", again, StringComparison.Ordinal);
        Assert.Contains("aria-describedby=\"handle-error handle-hint\"", again, StringComparison.Ordinal);
        Assert.Contains("A handle has 3 to 30", again, StringComparison.Ordinal);
        Assert.Matches("value=\"it\" checked", again);

        using var kept = await http.PostAsync("/Account/Profile", Form(again, "new-handle", "Typed biography", Picture()));

        Assert.Equal("/people/new-handle", kept.RequestMessage!.RequestUri!.AbsolutePath);
        var profile = await kept.Content.ReadAsStringAsync();
        Assert.Contains("Typed biography", profile, StringComparison.Ordinal);
        var address = WebUtility.HtmlDecode(PictureAddress().Match(profile).Value);
        using var picture = await http.GetAsync(address);
        Assert.Equal("image/jpeg", picture.Content.Headers.ContentType!.MediaType);
        Assert.True(picture.Headers.CacheControl!.Private);
        Assert.Equal("nosniff", Assert.Single(picture.Headers.GetValues("X-Content-Type-Options")));
        using var known = new HttpRequestMessage(HttpMethod.Get, address);
        known.Headers.IfNoneMatch.Add(picture.Headers.ETag!);
        using var unchanged = await http.SendAsync(known);
        Assert.Equal(HttpStatusCode.NotModified, unchanged.StatusCode);
        using var visitor = new HttpClient { BaseAddress = community.Address };
        using var hidden = await visitor.GetAsync(address);
        Assert.Equal(HttpStatusCode.NotFound, hidden.StatusCode);
    }

    [Fact]
    public async Task A_picture_that_is_far_too_large_gets_its_sentence_and_nothing_is_half_done()
    {
        using var http = await community.LogInAsync("member6@demo.example");
        var page = await http.GetStringAsync("/Account/Profile");

        using var refused = await http.PostAsync("/Account/Profile", Form(page, "huge-file", "Typed biography", new byte[40 * 1024 * 1024]));
        var again = WebUtility.HtmlDecode(await refused.Content.ReadAsStringAsync());

        Assert.Equal(HttpStatusCode.OK, refused.StatusCode);
        Assert.Contains("id=\"picture-error\"", again, StringComparison.Ordinal);
        Assert.Contains("Typed biography", again, StringComparison.Ordinal);
        using var halfGood = await http.PostAsync("/Account/Profile", Form(page, "no handle!", "Typed biography", Picture()));
        Assert.Contains("id=\"handle-error\"", await halfGood.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.DoesNotContain("RemovePicture", await http.GetStringAsync("/Account/Profile"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_coordinates_nothing_finds_no_form_for_organisations()
    {
        using var http = await community.LogInAsync("member5@demo.example");

        using var page = await http.GetAsync("/organisations/new");

        Assert.Equal(HttpStatusCode.NotFound, page.StatusCode);
    }

    [Fact]
    public async Task An_organisation_is_made_by_its_form()
    {
        using var http = await community.LogInAsync("admin@demo.example");
        var page = await http.GetStringAsync("/organisations/new");
        Dictionary<string, string> values = new()
        {
            ["__RequestVerificationToken"] = LoggingIn.FormToken(page),
            ["_handler"] = "organisation",
            ["Name"] = "Joinery school",
            ["Kind"] = "School",
            ["Country"] = "AT",
            ["Website"] = "javascript:alert(1)",
        };
        using var bad = new FormUrlEncodedContent(values);
        using var refused = await http.PostAsync("/organisations/new", bad);
        var again = await refused.Content.ReadAsStringAsync();
        Assert.Contains("value=\"Joinery school\"", again, StringComparison.Ordinal);
        Assert.Contains("website-error", again, StringComparison.Ordinal);

        values["Website"] = "https://example.org";
        values["__RequestVerificationToken"] = LoggingIn.FormToken(again);
        using var good = new FormUrlEncodedContent(values);
        using var made = await http.PostAsync("/organisations/new", good);

        Assert.Equal("/organisations/joinery-school", made.RequestMessage!.RequestUri!.AbsolutePath);
    }

    static MultipartFormDataContent Form(string page, string handle, string biography, byte[]? picture = null)
    {
        var form = new MultipartFormDataContent();
        foreach (var (name, value) in new (string, string)[]
        {
            ("__RequestVerificationToken", LoggingIn.FormToken(page)), ("_handler", "profile"), ("Stamp", Stamp().Match(page).Groups["value"].Value), ("Handle", handle),
            ("Name", "A Member"), ("Organisation", ""), ("Country", "IT"), ("Speaks", "it"), ("Speaks", "de"), ("TimeZone", "Europe/Rome"), ("Language", "en"), ("Biography", biography),
        })
            form.Add(new StringContent(value), name);
        if (picture is not null)
        {
            var file = new ByteArrayContent(picture);
            file.Headers.ContentType = new MediaTypeHeaderValue("image/png");
            form.Add(file, "Picture", "me.png");
        }
        return form;
    }

    static byte[] Picture()
    {
        using var bitmap = new SKBitmap(300, 200);
        using var data = bitmap.Encode(SKEncodedImageFormat.Png, 90);
        return data.ToArray();
    }

    [GeneratedRegex("name=\"Stamp\" value=\"(?<value>[^\"]+)\"", RegexOptions.NonBacktracking)]
    private static partial Regex Stamp();

    [GeneratedRegex("/people/new-handle/picture[^\"]+", RegexOptions.NonBacktracking)]
    private static partial Regex PictureAddress();
}
