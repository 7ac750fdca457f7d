using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;
using VetCommunity.Tests.Files;
using VetCommunity.Tests.Operation;
using Xunit;

namespace VetCommunity.Tests.Running;

public class UploadingFiles(RunningCommunity community) : IClassFixture<RunningCommunity>
{
    [Fact]
    public async Task A_script_uploads_a_picture_and_posts_it_and_others_get_it()
    {
        using var anna = await community.ScriptAsync("member@demo.example");
        using var uploaded = await anna.UploadAsync("..\\IMG 1.jpeg", MadeFiles.Photograph(600, 400), "Two boards");

        Assert.Equal(HttpStatusCode.Created, uploaded.StatusCode);
        var file = await uploaded.Content.ReadFromJsonAsync<JsonElement>();
        var id = file.GetProperty("id").GetString()!;
        Assert.Equal($"/api/v1/uploads/{id}", uploaded.Headers.Location!.ToString());
        Assert.Matches("^[0-9a-f]{32}$", id);
        Assert.Equal(("IMG 1.jpeg", "image", "image/jpeg", 400, 600, "Two boards"),
            (file.GetProperty("name").GetString(), file.GetProperty("kind").GetString(), file.GetProperty("type").GetString(), file.GetProperty("width").GetInt32(), file.GetProperty("height").GetInt32(),
            file.GetProperty("alt").GetString()));
        await using var hub = await community.ConnectAsync("member@demo.example");
        await using var bruno = await community.ConnectAsync("member2@demo.example");
        var heard = new TaskCompletionSource<JsonElement>(TaskCreationOptions.RunContinuationsAsynchronously);
        bruno.On<JsonElement>("MessagePosted", message => heard.TrySetResult(message));
        await bruno.OpenAsync("welcome");

        await hub.InvokeAsync<JsonElement>("Post", BringingFiles.Message("welcome", "", id));

        var attachment = (await heard.Task.WaitAsync(TimeSpan.FromSeconds(20))).GetProperty("attachments")[0];
        Assert.Equal(file.GetRawText(), attachment.GetRawText());
        using var other = await community.ScriptAsync("member2@demo.example");
        using var whole = await other.GetAsync(attachment.GetProperty("address").GetString());
        Assert.Equal(attachment.GetProperty("bytes").GetInt64(), (await whole.Content.ReadAsByteArrayAsync()).Length);
        Assert.Equal("image/jpeg", whole.Content.Headers.ContentType!.MediaType);
        Assert.Equal("inline", whole.Content.Headers.ContentDisposition!.DispositionType);
        AssertHarmless(whole);
        using var small = await other.GetAsync(attachment.GetProperty("thumbnail").GetString());
        Assert.Equal("image/webp", small.Content.Headers.ContentType!.MediaType);
        AssertHarmless(small);
        // A browser that has it asks whether it still may.
        using var again = new HttpRequestMessage(HttpMethod.Get, attachment.GetProperty("address").GetString());
        again.Headers.IfNoneMatch.Add(whole.Headers.ETag!);
        using var unchanged = await other.SendAsync(again);
        Assert.Equal(HttpStatusCode.NotModified, unchanged.StatusCode);

        Assert.EndsWith("An attachment is no longer available. Please attach it again.",
            (await Assert.ThrowsAsync<HubException>(() => hub.InvokeAsync<JsonElement>("Post", BringingFiles.Message("welcome", "Again", id)))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_document_is_a_download_that_can_be_fetched_in_parts()
    {
        var pdf = MadeFiles.Pdf();
        var file = Assert.Single(await community.PostWithFilesAsync("coordinator@demo.example", "board", "The plan", ("Πλάνο.pdf", pdf)));
        using var moderator = await community.ScriptAsync("moderator@demo.example");
        using var request = new HttpRequestMessage(HttpMethod.Get, file.GetProperty("address").GetString());
        request.Headers.Range = new RangeHeaderValue(2, 6);

        using var part = await moderator.SendAsync(request);

        Assert.Equal(HttpStatusCode.PartialContent, part.StatusCode);
        Assert.Equal(pdf[2..7], await part.Content.ReadAsByteArrayAsync());
        Assert.Equal(("attachment", "Πλάνο.pdf"), (part.Content.Headers.ContentDisposition!.DispositionType, part.Content.Headers.ContentDisposition.FileNameStar));
        AssertHarmless(part);
        using var outsider = await community.ScriptAsync("member3@demo.example");
        using var hidden = await outsider.GetAsync(file.GetProperty("address").GetString());
        Assert.Equal(HttpStatusCode.NotFound, hidden.StatusCode);
        using var visitor = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = community.Address };
        using var sent = await visitor.GetAsync(file.GetProperty("address").GetString());
        Assert.Equal(HttpStatusCode.Redirect, sent.StatusCode);
        using var upload = await visitor.UploadAsync("a.pdf", pdf);
        Assert.Equal(HttpStatusCode.Unauthorized, upload.StatusCode);
    }

    public static TheoryData<string, int, string> Refused => new()
    {
        { "page.png", 415, "FileNotAccepted" }, { "huge.png", 413, "PictureTooLarge" }, { "damaged.png", 415, "FileDamaged" }, { "nothing.png", 400, "FileEmpty" },
        { "macros.docx", 415, "FileWithMacros" }, { "long.txt", 413, "FileTooLarge" }, { "very long.txt", 413, "FileTooLarge" },
    };

    [Theory, MemberData(nameof(Refused))]
    public async Task What_is_not_taken_gets_a_sentence_in_the_language_of_who_brings_it(string name, int status, string refusal)
    {
        using var anna = await community.ScriptAsync("member4@demo.example");
        using var italian = await anna.GetAsync("/language/it");
        var content = name switch
        {
            "page.png" => "<!doctype html><script>alert(1)</script>"u8.ToArray(),
            "huge.png" => MadeFiles.PngOf(50_000, 50_000),
            "damaged.png" => MadeFiles.PngOf(30, 30),
            "nothing.png" => [],
            "macros.docx" => MadeFiles.MacroDocument(),
            "long.txt" => Encoding.ASCII.GetBytes(new string('x', (25 * 1024 * 1024) + 1)),
            _ => new byte[50 * 1024 * 1024],
        };

        using var answer = await anna.UploadAsync(name, content);

        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType!.MediaType);
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(refusal, problem.GetProperty("refusal").GetString());
        Assert.Matches("^(Quest[oa]|Non si) .+\\.$", problem.GetProperty("detail").GetString());
    }

    [Fact]
    public async Task What_is_no_upload_at_all_is_a_sentence_as_well()
    {
        using var anna = await community.ScriptAsync("member@demo.example");
        using var words = new StringContent("{}", Encoding.UTF8, "application/json");
        using var noForm = await anna.PostAsync("/api/v1/uploads", words);
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, noForm.StatusCode);
        using var noFile = new MultipartFormDataContent { { new StringContent("words"), "alt" } };
        using var without = await anna.PostAsync("/api/v1/uploads", noFile);
        Assert.Equal(HttpStatusCode.BadRequest, without.StatusCode);
        using var torn = new StringContent("--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.txt\"\r\n\r\ncut off");
        torn.Headers.ContentType = MediaTypeHeaderValue.Parse("multipart/form-data; boundary=x");
        using var cut = await anna.PostAsync("/api/v1/uploads", torn);
        Assert.Equal(HttpStatusCode.BadRequest, cut.StatusCode);
        using var list = new StringContent("[1]", Encoding.UTF8, "application/json");
        using var odd = await anna.PutAsync("/api/v1/uploads/" + new string('0', 32), list);
        Assert.Equal(HttpStatusCode.BadRequest, odd.StatusCode);
        foreach (var answer in (HttpResponseMessage[])[noForm, without, cut, odd])
            Assert.Equal("NotAnUpload", (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("refusal").GetString());
        Assert.Empty(Directory.GetFiles(Path.Combine(community.DataFolder, "uploads"), "*.part"));
    }

    [Fact]
    public async Task Before_it_is_posted_an_upload_is_described_seen_and_removed_by_its_owner()
    {
        using var anna = await community.ScriptAsync("member@demo.example");
        using var bruno = await community.ScriptAsync("member2@demo.example");
        using var uploaded = await anna.UploadAsync("a.jpg", MadeFiles.Photograph());
        var address = uploaded.Headers.Location!.ToString();

        using var described = await anna.PutAsJsonAsync(address, new { alt = "A vice" });
        Assert.Equal("A vice", (await described.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("alt").GetString());
        using var tooMuch = await anna.PutAsJsonAsync(address, new { alt = new string('x', 501) });
        Assert.Equal(HttpStatusCode.BadRequest, tooMuch.StatusCode);
        using var theirs = await bruno.PutAsJsonAsync(address, new { alt = "Mine" });
        Assert.Equal(HttpStatusCode.NotFound, theirs.StatusCode);
        using var taken = await bruno.DeleteAsync(address);
        Assert.Equal(HttpStatusCode.NotFound, taken.StatusCode);
        Assert.Equal("A vice", (await anna.GetFromJsonAsync<JsonElement>(address)).GetProperty("alt").GetString());
        using var removed = await anna.DeleteAsync(address);
        Assert.Equal(HttpStatusCode.NoContent, removed.StatusCode);
        using var gone = await anna.GetAsync(address);
        Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
    }

    [Promise("FT4")]
    [Fact]
    public async Task A_full_disk_is_a_sentence_and_afterwards_the_same_upload_works()
    {
        using var disk = SmallDisk.Mount("size=24m");
        await using var other = new RunningCommunity { DataFolder = disk.Folder };
        other.Settings["Uploads__ReserveMegabytes"] = "0";
        await other.InitializeAsync();
        using var anna = await other.ScriptAsync("member@demo.example");
        var text = Encoding.ASCII.GetBytes(new string('x', 24 * 1024 * 1024));
        var before = Directory.GetFiles(Path.Combine(disk.Folder, "uploads")).Order(StringComparer.Ordinal).ToList();

        using var refused = await anna.UploadAsync("a.txt", text);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.Equal("StorageUnavailable", (await refused.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("refusal").GetString());
        Assert.Equal(before, Directory.GetFiles(Path.Combine(disk.Folder, "uploads")).Order(StringComparer.Ordinal));
        // The talk goes on meanwhile and afterwards.
        await using var hub = await other.ConnectAsync("member@demo.example");
        Assert.True(await hub.PostAsync("welcome", "after", "Still here") > 0);
        disk.Resize("96m");
        using var taken = await anna.UploadAsync("a.txt", text);
        Assert.Equal(HttpStatusCode.Created, taken.StatusCode);
    }

    [Fact]
    public async Task Before_the_disk_is_full_files_are_refused_and_messages_still_fit()
    {
        using var disk = SmallDisk.Mount("size=96m");
        await using var other = new RunningCommunity { DataFolder = disk.Folder };
        other.Settings["Uploads__ReserveMegabytes"] = "64";
        await other.InitializeAsync();
        using var anna = await other.ScriptAsync("member@demo.example");
        HttpResponseMessage answer;
        for (var upload = 0; ; upload++)
        {
            answer = await anna.UploadAsync("a.txt", Encoding.ASCII.GetBytes(new string('x', 8 * 1024 * 1024)));
            if (answer.StatusCode != HttpStatusCode.Created)
                break;
            Assert.True(upload < 6);
        }

        Assert.Equal((HttpStatusCode)507, answer.StatusCode);
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(("NoRoomForFiles", true), (problem.GetProperty("refusal").GetString(), problem.GetProperty("detail").GetString()!.Contains("disk space", StringComparison.Ordinal)));
        await using var hub = await other.ConnectAsync("member@demo.example");
        Assert.True(await hub.PostAsync("welcome", "after", "Still room for words") > 0);
        disk.Resize("160m");
        using var taken = await anna.UploadAsync("a.txt", "words"u8.ToArray());
        Assert.Equal(HttpStatusCode.Created, taken.StatusCode);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Who_sends_far_too_much_reads_why_and_is_not_hung_up_on(bool saysHowMuch)
    {
        using var anna = await community.ScriptAsync("member5@demo.example");
        using var form = new MultipartFormDataContent { { new ByteArrayContent(new byte[80 * 1024 * 1024]), "file", "film.mp4" } };
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/uploads") { Content = form };
        request.Headers.TransferEncodingChunked = !saysHowMuch;

        using var answer = await anna.SendAsync(request);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(("FileTooLarge", true), (problem.GetProperty("refusal").GetString(), problem.GetProperty("detail").GetString()!.Contains("25", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_cookie_alone_uploads_describes_and_removes_nothing_for_a_foreign_page_that_sends_it_along()
    {
        using var http = await community.LogInAsync("member3@demo.example");
        var token = LoggingIn.FormToken(await http.GetStringAsync("/rooms/welcome"));
        using var mine = await WithTokenAsync(token, HttpMethod.Post, "/api/v1/uploads", Form("mine.txt"));
        var id = (await mine.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString();
        Assert.Equal(HttpStatusCode.Created, mine.StatusCode);

        foreach (var foreign in (string?[])[null, "", "CfDJ8" + new string('A', 150)])
        {
            foreach (var (method, address) in ((HttpMethod, string)[])[(HttpMethod.Post, "/api/v1/uploads"), (HttpMethod.Put, $"/api/v1/uploads/{id}"), (HttpMethod.Delete, $"/api/v1/uploads/{id}")])
            {
                using var refused = await WithTokenAsync(foreign, method, address, method == HttpMethod.Post ? Form("theirs.txt") : JsonContent.Create(new { alt = "Theirs" }));
                Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
                Assert.Equal("FormExpired", (await refused.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("refusal").GetString());
            }
        }
        // The token in the form instead of the header is a foreign page's reach too.
        using var inForm = Form("theirs.txt");
        inForm.Add(new StringContent(token), "__RequestVerificationToken");
        using var answer = await WithTokenAsync(null, HttpMethod.Post, "/api/v1/uploads", inForm);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal("", (await http.GetFromJsonAsync<JsonElement>($"/api/v1/uploads/{id}")).GetProperty("alt").GetString());

        MultipartFormDataContent Form(string name) => new() { { new ByteArrayContent(Encoding.ASCII.GetBytes("words")), "file", name } };

        async Task<HttpResponseMessage> WithTokenAsync(string? value, HttpMethod method, string address, HttpContent content)
        {
            using var request = new HttpRequestMessage(method, address) { Content = content };
            if (value is not null)
                request.Headers.Add("RequestVerificationToken", value);
            return await http.SendAsync(request);
        }
    }

    static void AssertHarmless(HttpResponseMessage answer)
    {
        Assert.Equal("nosniff", Assert.Single(answer.Headers.GetValues("X-Content-Type-Options")));
        var policy = Assert.Single(answer.Headers.GetValues("Content-Security-Policy"));
        Assert.Contains("default-src 'none'", policy, StringComparison.Ordinal);
        Assert.Contains("sandbox", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("script", policy, StringComparison.Ordinal);
        Assert.True(answer.Headers.CacheControl!.Private);
        Assert.True(answer.Headers.CacheControl.NoCache);
    }
}
