import { toTerms } from './words.ts';

/**
 * Words of help pages that stand for one another, in the languages we answer in: visitors ask what it costs where the
 * page lists prices. A group also joins the languages, so a question in one finds a page in another.
 */
const GROUPS: string[] = [
  'cost price pricing fee charge pay payment bill expensive cheap rate 价格 价钱 多少钱 费用 收费 付费 资费 收多少 料金 値段 費用 価格 いくら 代金 手数料 运费 送料',
  'free gratis trial complimentary 免费 试用 無料 お試し 体験',
  'refund reimburse moneyback 退款 退钱 返金 払い戻し',
  'return exchange sendback 退货 换货 退回 返品 交換',
  'cancel terminate unsubscribe stop quit end close 取消 退订 注销 终止 停用 キャンセル 取り消し 解約 退会 中止 停止',
  'delete remove erase wipe purge drop uninstall discard 删除 移除 清除 卸载 删掉 清空 削除 消去 消す 消し 取り除',
  'limit max maximum most cap quota ceiling upto biggest largest 上限 最大 最多 限制 限额 配额 制限 上限 allowance 额度 限度 まで',
  'min minimum least smallest lowest 最小 最少 最低 起 少なくとも',
  'change edit modify update alter adjust rename switch replace customize 修改 更改 变更 编辑 调整 更换 改 変更 編集 修正 切り替え 変え rotate roll swap 变',
  'start begin launch boot run execute 开始 启动 运行 起動 開始 実行 始め 動か',
  'install setup deploy configure config configuration setting option preference 安装 设置 配置 部署 设定 インストール 設定 導入 構成 セットアップ',
  'login signin logon authenticate authentication auth credential 登录 登陆 认证 验证 ログイン サインイン 認証',
  'password passcode pin secret 密码 口令 パスワード 暗証',
  'account profile user membership 账号 帐号 账户 帐户 用户 アカウント ユーザー 会員',
  'people member team seat colleague coworker teammate staff person 成员 团队 人数 席位 同事 人员 メンバー チーム 人数 スタッフ',
  'invite add share collaborate 邀请 添加 共享 分享 招待 追加 共有',
  'ship shipping deliver delivery dispatch courier arrive arrival parcel package post 发货 配送 送货 快递 物流 寄 送达 包裹 発送 配送 配達 届 荷物',
  'support contact help email phone call reach assistance 客服 联系 支持 电话 邮箱 帮助 咨询 问い合わせ 問い合わせ 連絡 サポート 電話 メール 窓口',
  'error fail failure problem issue wrong broken crash bug trouble 错误 失败 故障 问题 报错 异常 出错 エラー 失敗 問題 障害 不具合 故障 outage down offline unavailable unable cannot malfunction 用不了 无法 不能用 坏了 使えな できな つながらな 動かな',
  'damage defect faulty broken cracked 损坏 破损 瑕疵 坏 破損 不良 壊れ 傷 shatter smash crack scratch torn piece 碎 裂 割れ',
  'require need must necessary prerequisite requirement mandatory compulsory 需要 必须 要求 必需 前提 条件 必要 必須 要件',
  'allow permit able support accept possible authorise authorize 允许 支持 可以 能否 接受 可能 許可 対応 受け付け',
  'forbid prohibit ban disallow deny block reject refuse 禁止 不得 不能 不允许 拒绝 屏蔽 禁止 拒否 ブロック 不可',
  'default standard initial outofbox 默认 缺省 初始 標準 デフォルト 既定 初期',
  'duration period long time day hour minute week month year deadline within 多久 多长 时间 期限 天内 时长 工作日 小时 分钟 期間 時間 日数 何日 何時間 以内 期限 営業日',
  'expire expiry expiration valid validity lifetime lapse 过期 有效期 到期 失效 有効期限 期限切れ 有効 失効',
  'keep retain retention store save preserve archive hold 保留 保存 存储 留存 存档 保持 保管 保存 残り',
  'backup restore recover recovery undo undelete revert rollback 备份 恢复 还原 回滚 找回 撤销 バックアップ 復元 復旧 戻す 元に戻',
  'open hour schedule opening closed weekday weekend holiday 营业 开放 开门 关门 闭馆 休息 周末 节假日 営業 開館 閉館 休館 休業 定休 祝日 週末',
  'size big large length dimension weight heavy capacity volume 大小 尺寸 重量 容量 体积 长度 多大 多重 サイズ 大きさ 重さ 容量 重量 寸法 長さ',
  'fast speed quick slow performance latency throughput rapid 速度 快 慢 性能 延迟 速度 速い 遅い 性能 高速 soon instantly 立刻',
  'often frequency frequent interval every times repeat periodically daily weekly monthly 频率 多久一次 每天 每周 每月 定期 几次 頻度 間隔 毎日 毎週 毎月 回数 何回 ごと',
  'buy purchase order checkout 购买 下单 订单 订购 买 購入 注文 買う 買え',
  'upgrade downgrade plan tier subscription subscribe package 升级 降级 套餐 订阅 方案 版本 アップグレード プラン サブスクリプション 契約',
  'discount coupon promo voucher reduction sale student educational concession 折扣 优惠 打折 学生 减免 割引 クーポン 学割 優待',
  'download export extract dump 下载 导出 ダウンロード エクスポート 書き出し 出力',
  'upload import ingest migrate migration move transfer 上传 导入 迁移 转移 アップロード インポート 取り込み 移行 移す',
  'file document attachment 文件 文档 附件 ファイル 文書 書類 添付',
  'image picture photo screenshot 图片 照片 截图 图像 画像 写真',
  'key token credential apikey 密钥 令牌 キー トークン',
  'secure security encrypt encryption safe protect privacy private 安全 加密 隐私 保护 セキュリティ 暗号 安全 保護 プライバシー',
  'location place address where venue situated region city country abroad overseas international 地址 地点 位置 哪里 地区 国家 海外 国外 国际 場所 住所 所在地 どこ 地域 国 海外 国際 server datacenter station 服务器 車站 駅',
  'child kid minor under teen baby age old 儿童 孩子 小孩 未成年 年龄 几岁 子供 子ども 未成年 年齢 何歳 幼児 小朋友 少儿 キッズ',
  'car park parking vehicle drive 停车 车位 开车 自驾 駐車 車',
  'pet dog cat animal 宠物 猫 狗 动物 ペット 犬 猫 動物',
  'food eat drink meal snack lunch restaurant cafe 食物 饮食 吃 喝 餐 飲食 食事 食べ 飲み レストラン カフェ',
  'book reserve reservation appointment 预约 预订 预定 予約',
  'warranty guarantee repair fix 保修 质保 维修 修理 保証 修理 直し',
  'clean wash maintain maintenance care descale 清洁 清洗 保养 维护 洗 掃除 洗浄 手入れ 清掃 メンテナンス',
  'battery charge power electricity plug adapter 电池 充电 电源 电量 バッテリー 充電 電源 電池',
  'reset restart reboot factory 重置 重启 复位 リセット 再起動 初期化',
  'connect connection pair pairing link wifi wireless bluetooth network internet 连接 配对 联网 网络 蓝牙 无线 接続 ペアリング つなが つなぐ ネットワーク 無線 online offline router modem ネット 回線 网 宽带',
  'language translate locale localization translation 语言 翻译 多语言 言語 翻訳 多言語',
  'version release compatibility compatible latest 版本 兼容 发布 バージョン 互換 リリース',
  'notify notification alert email reminder 通知 提醒 警报 通知 お知らせ アラート',
  'retry attempt again repeat backoff 重试 重发 再试 再試行 リトライ 再送 再度',
  'rate throttle ratelimit 限流 频率 速率 レート',
  'timeout wait hang 超时 等待 タイムアウト 待',
  'log logging trace audit history record 日志 记录 历史 审计 ログ 履歴 記録 監査',
  'late overdue delay penalty fine 迟到 逾期 延误 罚款 滞纳 遅れ 延滞 遅延 罰金 罚 过期 逾期 超期',
  'lose lost missing find forgot forget forgotten 丢失 遗失 丢 忘记 忘 紛失 なくし 無くし 忘れ',
  'borrow loan renew renewal extend extension 借 借阅 续借 延长 续期 借り 貸出 延長 更新',
  'card credit visa mastercard paypal cash 信用卡 支付宝 微信 现金 银行卡 クレジット カード 現金 wallet alipay applepay googlepay 支付 付款 电子钱包 支払 電子マネー 決済',
  'tax vat invoice receipt 发票 税 收据 開票 税 請求書 領収書 インボイス',
  'phone mobile smartphone ios android app application 手机 应用 客户端 移动端 スマホ スマートフォン アプリ 携帯',
  'desktop windows mac macos linux computer pc 电脑 桌面 パソコン デスクトップ laptop machine local localhost notebook 本机 本地 ノートパソコン ローカル',
  'disable off deactivate turnoff suppress skip 关闭 禁用 停用 关掉 跳过 無効 オフ 止め 切る',
  'enable on activate turnon 启用 打开 开启 激活 有効 オン',
  'list show view see display check 查看 显示 列出 看 表示 確認 一覧 見る',
  'create make new generate build produce 创建 新建 生成 建立 作成 生成 作る 作り 新規',
  'test check verify validate confirm inspect 测试 检查 验证 确认 テスト 検証 確認',
  'wheelchair accessible accessibility disabled disability lift elevator ramp 轮椅 无障碍 电梯 残疾 車椅子 車いす バリアフリー エレベーター 障害者',
  'id identification passport proof certificate licence license 身份证 护照 证件 证明 执照 許可证 身分証 パスポート 証明書 免許',
  'monday tuesday wednesday thursday friday saturday sunday weekday weekend 周一 周二 周三 周四 周五 周六 周日 星期 周末 工作日 曜日 平日 土日 週末',
  'duplicate twice repeat double again copy 重复 两次 多次 重複 二重',
  'light lamp led indicator bulb 灯 指示灯 亮 ランプ ライト 光',
  'flash blink pulse flicker 闪 闪烁 点滅 光って',
  'orange amber 橙 橙色 オレンジ',
  'red 红 红色 赤',
  'green 绿 绿色 緑',
  'leak water drip puddle wet spill flood 水 漏水 漏 滴 水漏れ',
  'algorithm hash hmac cipher checksum digest signature sign 算法 签名 哈希 署名 アルゴリズム',
  'reply respond response answer status acknowledge 回复 响应 答复 返信 応答 回答',
  'sofa couch furniture chair table desk 家具 沙发 家具 ソファ',
  'night evening tonight dinner 晚 晚上 夜 夜间 晩 夕食',
  'morning breakfast 早上 早晨 朝 朝食',
  'bring carry take 带 携带 持っ 持参 持ち物',
  'wear dress cloth outfit 穿 衣服 着る 服装 着替え',
  'bus tram train metro transport station 公交 地铁 车站 バス 電車 駅 交通',
  'pregnant pregnancy 怀孕 孕妇 妊娠 妊婦',
  'medicine drug medication pill 药 药物 薬 投薬',
  'folder directory path disk drive 文件夹 目录 路径 磁盘 フォルダー フォルダ ディレクトリ パス',
  'dispute object complain complaint appeal disagree 异议 投诉 申诉 苦情 異議 申し立て',
  'register signup enrol enroll member registration 注册 登记 报名 登録 会員登録',
  'exceed over beyond surpass overage 超出 超过 超え オーバー 超過',
];

const BY_STEM = new Map<string, number[]>();
const BY_CHARS: { chars: string; group: number }[] = [];
for (const [group, words] of GROUPS.entries()) {
  for (const word of words.split(' ')) {
    if (/^[a-z]/.test(word)) {
      for (const stem of toTerms(word)) BY_STEM.set(stem, [...(BY_STEM.get(stem) ?? []), group]);
    } else BY_CHARS.push({ chars: word, group });
  }
}

/** The groups a stem belongs to. */
export function groupsOfStem(stem: string): number[] {
  return BY_STEM.get(stem) ?? [];
}

/** The words of a group, in all languages. */
export function wordsOfGroup(group: number): string[] {
  return GROUPS[group]?.split(' ') ?? [];
}

/** The groups whose Chinese or Japanese words stand in a text, with the words. */
export function groupsInText(text: string): { chars: string; group: number }[] {
  return BY_CHARS.filter(({ chars }) => text.includes(chars));
}
